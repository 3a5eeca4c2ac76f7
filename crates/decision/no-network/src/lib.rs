//! An HTTP client that refuses every request, in the place of the one that the FEEL evaluator brings for “external
//! functions”. Evaluating a decision must depend on its inputs alone, so files with such functions are refused when they
//! are read, and this makes sure that nothing could be called even so. It also keeps a second TLS library out of the tree.
//!
//! Only what the evaluator names is here: `blocking::Client::new`, `post`, `json`, `send`, and the answer's `json`.

#![forbid(unsafe_code)]

use std::fmt;

/// Why a request was not made: none ever is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error;

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a decision calls nothing outside")
    }
}

impl std::error::Error for Error {}

/// The blocking half of the client, the only one that is asked for.
pub mod blocking {
    use super::Error;

    /// A client without a network.
    #[derive(Clone, Copy, Debug, Default)]
    pub struct Client;

    impl Client {
        /// A client.
        #[must_use]
        pub fn new() -> Self {
            Self
        }

        /// A request that will be refused.
        pub fn post(&self, _address: impl AsRef<str>) -> RequestBuilder {
            RequestBuilder
        }
    }

    /// A request that will be refused.
    #[derive(Clone, Copy, Debug)]
    pub struct RequestBuilder;

    impl RequestBuilder {
        /// Takes a body and looks at nothing of it.
        #[must_use]
        pub fn json<T: ?Sized>(self, _body: &T) -> Self {
            self
        }

        /// Refuses.
        ///
        /// # Errors
        /// Always.
        pub fn send(self) -> Result<Response, Error> {
            Err(Error)
        }
    }

    /// An answer; there is none.
    #[derive(Clone, Copy, Debug)]
    pub enum Response {}

    impl Response {
        /// The body, of an answer that cannot exist.
        ///
        /// # Errors
        /// None, as there is no answer.
        pub fn json<T>(self) -> Result<T, Error> {
            match self {}
        }
    }
}
