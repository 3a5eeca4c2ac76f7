//! What a file is, found from its content. Its name and what the browser says about it prove nothing.

use super::FILE_BYTES_MAX;

/// What the house takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaType {
    /// A photograph.
    Jpeg,
    /// A picture or a scan.
    Png,
    /// A document.
    Pdf,
    /// Word, new form.
    Docx,
    /// Excel, new form.
    Xlsx,
    /// Word, Excel or WPS, old form.
    OldOffice,
}

impl MediaType {
    /// As HTTP names it.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::OldOffice => "application/x-ole-storage",
        }
    }

    /// The usual ending of a name.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::OldOffice => "doc",
        }
    }
}

/// Why a file is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileProblem {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Larger than the limit.
    #[error("the file has {0} bytes")]
    TooLarge(usize),
    /// Something else than the house takes.
    #[error("the content is {0}")]
    Kind(&'static str),
    /// A picture that does not read to its end.
    #[error("the picture is damaged")]
    Damaged,
}

impl FileProblem {
    /// What the person reads: what to do, then why.
    pub fn explain(&self) -> String {
        match self {
            Self::Empty => "请重新选择文件：这个文件是空的，可能没有保存完。".to_owned(),
            Self::TooLarge(bytes) => format!(
                "请压缩或分成几个文件：这个文件有{}MB，单个文件不超过20MB。",
                bytes.div_ceil(1024 * 1024)
            ),
            Self::Damaged => {
                "请重新拍摄或重新选择照片：这张照片不完整，可能没有传完或已损坏。".to_owned()
            }
            Self::Kind(kind) => format!(
                "请上传照片（JPG、PNG）、PDF、Word或Excel文件：这个文件是{kind}，窗口打不开。"
            ),
        }
    }
}

/// Finds out what a file is.
///
/// # Errors
/// When it is empty, too large or not of a kind that the house takes.
pub fn sniff(bytes: &[u8]) -> Result<MediaType, FileProblem> {
    if bytes.is_empty() {
        return Err(FileProblem::Empty);
    }
    if bytes.len() > FILE_BYTES_MAX {
        return Err(FileProblem::TooLarge(bytes.len()));
    }
    let Some(kind) = infer::get(bytes) else {
        return Err(FileProblem::Kind("无法识别的格式"));
    };
    match kind.mime_type() {
        "image/jpeg" => Ok(MediaType::Jpeg),
        "image/png" => Ok(MediaType::Png),
        "application/pdf" => Ok(MediaType::Pdf),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => {
            Ok(MediaType::Docx)
        }
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => Ok(MediaType::Xlsx),
        "application/msword" | "application/vnd.ms-excel" | "application/x-ole-storage" => {
            Ok(MediaType::OldOffice)
        }
        "image/heif" | "image/heic" => Err(FileProblem::Kind(
            "苹果手机的HEIC照片（可在相机设置中选“兼容性最佳”，或截图后上传）",
        )),
        other if other.starts_with("image/") => Err(FileProblem::Kind("其他格式的图片")),
        other if other.starts_with("video/") => Err(FileProblem::Kind("视频")),
        other if other.starts_with("audio/") => Err(FileProblem::Kind("录音")),
        "application/zip" | "application/x-rar-compressed" | "application/vnd.rar" => {
            Err(FileProblem::Kind("压缩包"))
        }
        _ => Err(FileProblem::Kind("程序或其他格式")),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(bytes: &[u8], expected: Expect) {
        let found = match sniff(bytes) {
            Ok(kind) => kind.text().to_owned(),
            Err(problem) => problem.explain(),
        };
        expected.assert_eq(&found);
    }

    #[test]
    fn files_are_known_by_their_content() {
        check(&[0xFF, 0xD8, 0xFF, 0xE0], expect!["image/jpeg"]);
        check(b"%PDF-1.7\n", expect!["application/pdf"]);
        check(
            b"",
            expect!["请重新选择文件：这个文件是空的，可能没有保存完。"],
        );
        check(
            b"MZ\x90\x00 a program named photo.jpg",
            expect![
                "请上传照片（JPG、PNG）、PDF、Word或Excel文件：这个文件是程序或其他格式，窗口打不开。"
            ],
        );
        check(
            b"<html><script>alert(1)</script>",
            expect![
                "请上传照片（JPG、PNG）、PDF、Word或Excel文件：这个文件是程序或其他格式，窗口打不开。"
            ],
        );
        check(
            &vec![0xFF; FILE_BYTES_MAX + 1],
            expect!["请压缩或分成几个文件：这个文件有21MB，单个文件不超过20MB。"],
        );
    }
}
