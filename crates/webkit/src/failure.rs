//! What a handler answers when it cannot do what was asked: one type, with a sentence for the person
//! and, apart from it, what the log needs. `present` turns it into a page with a way out, or into a
//! problem document (RFC 9457) for programs; nothing else does.

use std::borrow::Cow;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use wuchuang_kernel::Rejection;
use wuchuang_ledger::{CheckpointError, ExecuteError, LoadError, StorageError};

/// A request that could not be answered as asked.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The HTTP status.
    pub status: StatusCode,
    /// A stable code for programs.
    pub code: Cow<'static, str>,
    /// What the person reads: what to do, then why (简体中文). Never personal data.
    pub public: Cow<'static, str>,
    /// The field at fault.
    pub field: Option<Cow<'static, str>>,
    /// What the log gets; never shown. Never personal data.
    pub internal: Option<String>,
    /// After how many seconds it may be tried again: the header `Retry-After` (RFC 9110, 10.2.3).
    pub retry_after_seconds: Option<i64>,
}

impl Failure {
    /// A failure with its status, code and sentence.
    pub fn new(
        status: StatusCode,
        code: &'static str,
        public: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            status,
            code: Cow::Borrowed(code),
            public: public.into(),
            field: None,
            internal: None,
            retry_after_seconds: None,
        }
    }

    /// Nothing is at this address.
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "没有找到这个页面或这件事。请检查地址或编号，或从首页重新进入。",
        )
    }

    /// The visitor must sign in first.
    pub fn sign_in() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "sign_in",
            "请先登录，再继续办理。",
        )
    }

    /// The visitor may not do this.
    pub fn forbidden(action: &'static str) -> Self {
        let mut failure = Self::new(
            StatusCode::FORBIDDEN,
            "forbidden",
            "您现在的岗位没有这项权限。如果工作需要，请联系系统管理员。",
        );
        failure.internal = Some(format!("refused action {action}"));
        failure
    }

    /// Too many wrong answers came from this address; after so many seconds it may try again.
    pub fn too_many(seconds: i64) -> Self {
        let mut failure = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many",
            format!("输错次数太多，请{seconds}秒后再试；急的话请拨打页面下方的电话。"),
        );
        failure.retry_after_seconds = Some(seconds);
        failure
    }

    /// What was sent does not read.
    pub fn invalid(public: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", public)
    }

    /// The system cannot do it now; nothing was changed.
    pub fn unavailable() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            "系统暂时不能保存。您刚才提交的内容没有写入，请稍后再试；查询不受影响。",
        )
    }

    /// Something is wrong in the house itself.
    pub fn internal(reason: impl std::fmt::Display) -> Self {
        let mut failure = Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "系统出了问题，已经记录。请稍后再试，或拨打页面下方的电话。",
        );
        failure.internal = Some(reason.to_string());
        failure
    }

    /// Tells the client when to come back, in the answer's header.
    pub(crate) fn tell_when(&self, response: &mut Response) {
        if let Some(seconds) = self.retry_after_seconds {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
    }

    /// Names the field at fault.
    #[must_use]
    pub fn at(mut self, field: impl Into<Cow<'static, str>>) -> Self {
        self.field = Some(field.into());
        self
    }
}

/// The whole chain of an error's causes, for the log.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

impl From<Rejection> for Failure {
    fn from(rejection: Rejection) -> Self {
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            code: rejection.code,
            public: rejection.public,
            field: rejection.field,
            internal: None,
            retry_after_seconds: None,
        }
    }
}

/// The first of several refusals: a problem of RFC 9457 is about one thing.
impl From<Vec<Rejection>> for Failure {
    fn from(refusals: Vec<Rejection>) -> Self {
        let first = refusals.into_iter().next();
        first.map_or_else(|| Self::invalid("请检查填写的内容。"), Self::from)
    }
}

impl From<StorageError> for Failure {
    fn from(error: StorageError) -> Self {
        let mut failure = if error.is_outage() {
            Self::unavailable()
        } else {
            Self::internal("")
        };
        failure.internal = Some(chain(&error));
        failure
    }
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Storage(error) => error.into(),
            other => Self::internal(chain(&other)),
        }
    }
}

impl From<CheckpointError> for Failure {
    fn from(error: CheckpointError) -> Self {
        match error {
            CheckpointError::Storage(error) => error.into(),
            other => Self::internal(chain(&other)),
        }
    }
}

impl From<ExecuteError> for Failure {
    fn from(error: ExecuteError) -> Self {
        match error {
            ExecuteError::Rejected(rejection) => rejection.into(),
            ExecuteError::UnknownStream { .. } => Self::not_found(),
            ExecuteError::StaleVersion { .. } => Self::new(
                StatusCode::CONFLICT,
                "stale_version",
                "别人刚刚改动了这件事，您的操作没有执行。请看过最新情况后再决定。",
            ),
            ExecuteError::KeyReused => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "key_reused",
                "这个请求编号已用于另一项操作。请刷新页面后重试。",
            ),
            ExecuteError::TooLarge { .. } => Self::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too_large",
                "填写的内容太长，无法保存。请删减文字，图片和文件请作为材料上传。",
            ),
            ExecuteError::Busy | ExecuteError::Closed => Self::unavailable(),
            ExecuteError::Storage(error) => error.into(),
            ExecuteError::Load(error) => error.into(),
            ExecuteError::Sealing(error) => Self::internal(chain(&error)),
        }
    }
}

impl IntoResponse for Failure {
    // The bare text is what a visitor gets only where `present` does not stand before the route.
    fn into_response(self) -> Response {
        let mut response = (self.status, self.public.clone().into_owned()).into_response();
        self.tell_when(&mut response);
        response.extensions_mut().insert(self);
        response
    }
}
