//! A file that anybody might hand in.

/// A small photograph (PNG), the same as the one of the browser tests.
pub(crate) fn photograph() -> Vec<u8> {
    hex::decode(concat!(
        "89504e470d0a1a0a0000000d494844520000000a0000000a0802000000025058ea0000001249444154789c63f8cfc080",
        "07e1931bc1d200b7ca639d9f4dcb980000000049454e44ae426082",
    ))
    .unwrap()
}
