//! What every handler of this API reads: the JSON body, and the case in the address.

use wuchuang_kernel::CaseId;
use wuchuang_webkit::Failure;

pub(super) use wuchuang_webkit::request::Body;

/// The case in an address.
pub(super) fn case_id(text: &str) -> Result<CaseId, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}
