//! More time: whoever handles a case asks, whoever decides answers (行政许可法 art. 42), and the applicant hears the old day
//! and the new one.

use super::{accepted, page};
use crate::{county::County, harness::TestHouse};

#[tokio::test]
async fn a_reviewer_asks_and_an_approver_declines_or_grants() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let case = accepted(&test, &county, 1).await;
        let path = format!("/staff/cases/{case}");
        let asks = [
            ("request-extension-days", "3"),
            ("request-extension-reason", "道路中断，无法现场核查。"),
        ];
        let mut reviewer = test.client_as(county.reviewer());
        let shown = page(&test, county.reviewer(), &path).await;
        assert!(shown.contains("申请延期（最多"), "{engine} {shown}");
        let asked = reviewer
            .post(&format!("{path}/request-extension"), &asks)
            .await;
        assert!(asked.status.is_redirection(), "{engine} {}", asked.text());
        let shown = page(&test, county.reviewer(), &path).await;
        assert!(
            shown.contains("申请延期 3 个工作日") && shown.contains("等待审批人员答复"),
            "{engine} {shown}"
        );
        assert!(!shown.contains("/decline-extension"), "{engine}");

        // Whoever decides finds it in the list, and answers it on the page.
        let list = page(&test, county.approver(), "/staff/cases?mark=extension").await;
        assert!(list.contains("待批延期"), "{engine} {list}");
        assert!(list.contains(&case), "{engine} {list}");
        let shown = page(&test, county.approver(), &path).await;
        assert!(
            shown.contains("/decline-extension") && shown.contains("同意延期（最多"),
            "{engine} {shown}"
        );
        assert!(shown.contains("value=\"3\""), "{engine} {shown}");
        let refused = reviewer
            .post(
                &format!("{path}/decline-extension"),
                &[("decline-extension-reason", "不行")],
            )
            .await;
        assert_eq!(refused.status, 403, "{engine}");
        let mut approver = test.client_as(county.approver());
        let declined = approver
            .post(
                &format!("{path}/decline-extension"),
                &[("decline-extension-reason", "道路已经恢复。")],
            )
            .await;
        assert!(
            declined.status.is_redirection(),
            "{engine} {}",
            declined.text()
        );
        let shown = page(&test, county.reviewer(), &path).await;
        assert!(shown.contains("道路已经恢复。"), "{engine} {shown}");
        let list = page(&test, county.approver(), "/staff/cases").await;
        assert!(!list.contains("待批延期"), "{engine}");

        reviewer
            .post(&format!("{path}/request-extension"), &asks)
            .await;
        let granted = approver
            .post(
                &format!("{path}/extend"),
                &[("extend-days", "3"), ("extend-reason", "道路中断")],
            )
            .await;
        assert!(
            granted.status.is_redirection(),
            "{engine} {}",
            granted.text()
        );
        let shown = page(&test, county.reviewer(), &path).await;
        assert!(
            shown.contains("经批准延长3个工作日，办结日期由"),
            "{engine} {shown}"
        );
        test.check_ledger(engine).await;
    }
}
