//! Who issues: the authority's credit code, without which a licence has no national identifier.

use wuchuang_access::Directory;
use wuchuang_codes::RecordedCreditCode;
use wuchuang_kernel::{OrganisationId, Region};
use wuchuang_ledger::JobFailure;

/// The credit code of the authority that issues. Where it is missing or does not read, an administrator
/// mends it; the job is tried again until then.
pub(crate) async fn credit_code_of(
    directory: &Directory,
    region: Region,
    organisation: OrganisationId,
) -> Result<String, JobFailure> {
    let found = directory
        .organisation(region, organisation)
        .await?
        .ok_or_else(|| JobFailure::Later(format!("没有单位 {organisation}，不能制证")))?;
    RecordedCreditCode::parse(&found.credit_code)
        .map(|code| code.as_str().to_owned())
        .map_err(|error| {
            JobFailure::Later(format!(
                "“{}”的统一社会信用代码不能用于证照标识，请在单位管理中填写：{}",
                found.name,
                error.explain()
            ))
        })
}
