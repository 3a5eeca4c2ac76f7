//! The answer to the cases' question of which whole a case is a part.

use async_trait::async_trait;
use wuchuang_cases::belonging::{Belonging, Whole};
use wuchuang_kernel::{CaseId, Region, group_case_number};
use wuchuang_webkit::Failure;

use crate::service::Bundles;

#[async_trait]
impl Belonging for Bundles {
    async fn whole_of(&self, region: Region, case: CaseId) -> Result<Option<Whole>, Failure> {
        let row = self.of_case(region, case).await?;
        Ok(row.map(|row| Whole {
            number: group_case_number(&row.number),
            staff_path: format!("/staff/joints/{}", row.joint),
            name: row.name,
        }))
    }
}
