//! HTTP/1.1 over one kept connection, as small as it can be: the driver must take as little of the two cores as
//! possible, and it must be able to come from several addresses of the loopback network, because the house rightly
//! bounds how many sign-ins one address may try.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpStream},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use socket2::{Domain, Protocol, Socket, Type};

/// How long an answer may take before the driver gives up.
const ANSWER_MAX: Duration = Duration::from_mins(1);
/// How large an answer may be.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// What is sent.
#[derive(Debug, Default, Clone, Copy)]
pub struct Request<'a> {
    /// `GET`, `POST` or `PUT`.
    pub method: &'a str,
    /// Path and query.
    pub path: &'a str,
    /// The session's cookie; empty for none.
    pub cookie: &'a str,
    /// What stands in `Authorization`; empty for nothing.
    pub authorization: &'a str,
    /// The kind of the body; empty for no body.
    pub content_type: &'a str,
    /// The body.
    pub body: &'a [u8],
    /// The idempotency key; empty for none.
    pub key: &'a str,
    /// Whether the answer may be compressed, as browsers allow. The driver does not read such an answer.
    pub compressed: bool,
}

/// What was answered.
#[derive(Debug)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// `name=value` of the cookie that was set.
    pub cookie: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

impl Response {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// One kept connection; it is opened again when the server closed it.
#[derive(Debug)]
pub struct Connection {
    server: SocketAddr,
    source: Ipv4Addr,
    stream: Option<TcpStream>,
    buffer: Vec<u8>,
}

impl Connection {
    /// A connection that comes from an address of the loopback network.
    pub fn new(server: SocketAddr, source: Ipv4Addr) -> Self {
        Self {
            server,
            source,
            stream: None,
            buffer: Vec::with_capacity(64 * 1024),
        }
    }

    fn open(&self) -> Result<TcpStream> {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, Some(Protocol::TCP))?;
        socket.bind(&SocketAddr::V4(SocketAddrV4::new(self.source, 0)).into())?;
        socket
            .connect(&self.server.into())
            .with_context(|| format!("connecting to {}", self.server))?;
        let stream = TcpStream::from(socket);
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(ANSWER_MAX))?;
        Ok(stream)
    }

    /// Sends a request and waits for its answer.
    ///
    /// # Errors
    /// When the server cannot be reached, breaks off, or says what is no HTTP.
    pub fn send(&mut self, request: &Request<'_>) -> Result<Response> {
        let mut head = format!(
            "{} {} HTTP/1.1\r\nHost: {}\r\n",
            request.method, request.path, self.server
        );
        for (name, value) in [
            ("Cookie", request.cookie),
            ("Authorization", request.authorization),
            ("Content-Type", request.content_type),
            ("Idempotency-Key", request.key),
            (
                "Accept-Encoding",
                if request.compressed { "gzip" } else { "" },
            ),
        ] {
            if !value.is_empty() {
                head.push_str(name);
                head.push_str(": ");
                head.push_str(value);
                head.push_str("\r\n");
            }
        }
        if request.method != "GET" {
            head.push_str("Content-Length: ");
            head.push_str(&request.body.len().to_string());
            head.push_str("\r\n");
        }
        head.push_str("\r\n");
        let mut message = head.into_bytes();
        message.extend_from_slice(request.body);
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => self.open()?,
        };
        stream.write_all(&message)?;
        let (response, is_kept) = self.receive(&mut stream)?;
        if is_kept {
            self.stream = Some(stream);
        }
        Ok(response)
    }

    fn receive(&mut self, stream: &mut TcpStream) -> Result<(Response, bool)> {
        self.buffer.clear();
        let head_length = loop {
            if let Some(at) = find(&self.buffer, b"\r\n\r\n") {
                break at + 4;
            }
            fill(stream, &mut self.buffer)?;
        };
        let head = Head::read(&self.buffer[..head_length])?;
        let mut rest = self.buffer.split_off(head_length);
        let body = match head.body {
            BodyLength::Known(length) if length <= ANSWER_BYTES_MAX => {
                while rest.len() < length {
                    fill(stream, &mut rest)?;
                }
                rest
            }
            BodyLength::Known(_) => bail!("an answer is too large"),
            BodyLength::Chunked => loop {
                if let Some(body) = unchunk(&rest)? {
                    break body;
                }
                fill(stream, &mut rest)?;
            },
        };
        let response = Response {
            status: head.status,
            cookie: head.cookie,
            body,
        };
        Ok((response, head.is_kept))
    }
}

fn fill(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<()> {
    let mut piece = [0; 16 * 1024];
    let count = stream.read(&mut piece).context("waiting for an answer")?;
    if count == 0 {
        bail!("the server closed the connection in the middle of an answer");
    }
    buffer.extend_from_slice(&piece[..count]);
    if buffer.len() > ANSWER_BYTES_MAX {
        bail!("an answer is too large");
    }
    Ok(())
}

fn find(bytes: &[u8], sought: &[u8]) -> Option<usize> {
    bytes
        .windows(sought.len())
        .position(|window| window == sought)
}

#[derive(Debug, PartialEq, Eq)]
enum BodyLength {
    Known(usize),
    Chunked,
}

struct Head {
    status: u16,
    cookie: Option<String>,
    body: BodyLength,
    is_kept: bool,
}

impl Head {
    fn read(bytes: &[u8]) -> Result<Self> {
        let text = std::str::from_utf8(bytes).context("the head of an answer is no text")?;
        let mut lines = text.split("\r\n");
        let status = lines
            .next()
            .and_then(|line| line.split(' ').nth(1))
            .and_then(|status| status.parse().ok())
            .context("an answer has no status")?;
        let mut head = Self {
            status,
            cookie: None,
            body: BodyLength::Known(0),
            is_kept: true,
        };
        for (name, value) in lines.filter_map(|line| line.split_once(':')) {
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => head.body = BodyLength::Known(value.parse()?),
                "transfer-encoding" if value.eq_ignore_ascii_case("chunked") => {
                    head.body = BodyLength::Chunked;
                }
                "connection" if value.eq_ignore_ascii_case("close") => head.is_kept = false,
                "set-cookie" => head.cookie = value.split(';').next().map(str::to_owned),
                _ => {}
            }
        }
        Ok(head)
    }
}

/// The body of a chunked answer; `None` while some of it is missing.
fn unchunk(bytes: &[u8]) -> Result<Option<Vec<u8>>> {
    let mut body = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    loop {
        let Some(end) = find(rest, b"\r\n") else {
            return Ok(None);
        };
        let size = std::str::from_utf8(&rest[..end])?
            .split(';')
            .next()
            .unwrap_or_default()
            .trim();
        let size = usize::from_str_radix(size, 16).context("a chunk has no size")?;
        let Some(chunk) = rest.get(end + 2..end + 2 + size + 2) else {
            return Ok(None);
        };
        if size == 0 {
            return Ok(Some(body));
        }
        body.extend_from_slice(&chunk[..size]);
        rest = &rest[end + 2 + size + 2..];
    }
}

/// A form's body: `name=value` pairs, encoded.
pub fn form(pairs: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        if !text.is_empty() {
            text.push('&');
        }
        text.push_str(name);
        text.push('=');
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
                text.push(char::from(byte));
            } else {
                text.push('%');
                for digit in [byte >> 4, byte & 15] {
                    text.push(char::from(b"0123456789ABCDEF"[usize::from(digit)]));
                }
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{BodyLength, Head, form, unchunk};

    #[test]
    fn a_head_is_read() {
        let head = Head::read(
            b"HTTP/1.1 303 See Other\r\nSet-Cookie: a=b; Path=/\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n",
        )
        .unwrap();
        assert_eq!(head.status, 303);
        assert_eq!(head.cookie.as_deref(), Some("a=b"));
        assert_eq!(head.body, BodyLength::Chunked);
        assert!(!head.is_kept);
    }

    #[test]
    fn chunks_are_joined_and_missing_ones_awaited() {
        let whole = b"4\r\nWiki\r\n5;x=1\r\npedia\r\n0\r\n\r\n";
        assert_eq!(unchunk(whole).unwrap().unwrap(), b"Wikipedia");
        for end in 0..whole.len() {
            assert!(unchunk(&whole[..end]).unwrap().is_none(), "{end}");
        }
        assert!(unchunk(b"zz\r\n").is_err());
    }

    #[test]
    fn forms_are_encoded() {
        assert_eq!(form(&[("a", "1 2"), ("b", "验")]), "a=1%202&b=%E9%AA%8C");
    }
}
