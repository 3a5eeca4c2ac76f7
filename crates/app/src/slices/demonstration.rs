//! The demonstration county: its real divisions, departments and items, and staff who do not exist. Run
//! twice it changes nothing the second time.

use std::collections::BTreeSet;

use anyhow::Result;
use wuchuang_access::demo::{self as people, PASSWORD};
use wuchuang_catalogue::{
    demo as items,
    exchange::{DEMONSTRATION, import_county},
};

use crate::house::House;

/// The county's divisions, from the registry of the statistics bureau.
const DIVISIONS: &str = include_str!("../../../../assets/demo/regions-610924.csv");

/// Fills the county and tells the accounts to sign in with, one line each.
///
/// # Errors
/// When a file does not read, a command is refused or storage fails.
pub(crate) async fn demonstrate(
    house: &House,
    tell: &mut (dyn FnMut(&str) + Send),
) -> Result<Vec<String>> {
    let slices = house.slices();
    tell("乡镇、村、部门和工作人员……");
    let departments: BTreeSet<String> =
        import_county(DEMONSTRATION, house.configuration().site.region)?
            .into_iter()
            .map(|item| item.content.department.name)
            .collect();
    let departments: Vec<String> = departments.into_iter().collect();
    let accounts = people::seed(slices.access(), DIVISIONS, &departments).await?;
    tell("服务事项和办事指南……");
    let count = items::seed(slices.catalogue()).await?;
    tell(&format!("{count} 个事项已发布"));
    let (delegations, directory) = slices.delegations();
    let count =
        wuchuang_delegations::demo::seed(delegations, slices.catalogue(), &directory).await?;
    tell(&format!("{count} 个事项已委托各镇便民服务中心"));
    let count = wuchuang_oversight::demo::seed(slices.oversight()).await?;
    tell(&format!("{count} 个事项已登记进驻"));
    let count = wuchuang_analysis::demo::seed(slices.analysis()).await?;
    tell(&format!("{count} 个年份的演示件数已导入"));
    let count = wuchuang_bundles::demo::seed(slices.bundles()).await?;
    tell(&format!("{count} 件“一件事”已发布"));
    let mut lines = vec![format!("账号的密码都是 {PASSWORD}：")];
    lines.extend(accounts.iter().map(|account| {
        format!(
            "{:<12}{}（{}）",
            account.account, account.role, account.organisation
        )
    }));
    lines.push("群众用任意手机号登录，验证码显示在页面上。".to_owned());
    Ok(lines)
}
