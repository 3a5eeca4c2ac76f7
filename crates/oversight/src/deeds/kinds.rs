//! The table of violations is changed, kind by kind.

use wuchuang_ledger::{Expected, Receipt};
use wuchuang_webkit::{Caller, Failure, Resource};

use crate::{
    model::kinds::{KindChange, KindCommand, KindStream, table_of},
    service::Oversight,
};

/// A kind as it is typed.
pub(crate) struct TypedKind<'a> {
    pub(crate) number: &'a str,
    /// What it is called; empty: as before.
    pub(crate) name: &'a str,
    /// Whether it is used; `None`: as before.
    pub(crate) is_used: Option<bool>,
    pub(crate) reason: &'a str,
}

/// 修改问题种类.
///
/// # Errors
/// 403, 422 naming the field, or as the rules say.
pub(crate) async fn change(
    oversight: &Oversight,
    caller: &Caller,
    typed: &TypedKind<'_>,
    key: Option<&str>,
) -> Result<Receipt, Failure> {
    caller.require("finding_kinds_edit", &Resource::default())?;
    let number: u8 = typed
        .number
        .parse()
        .map_err(|_| Failure::invalid("请选择要修改的问题种类。").at("number"))?;
    let kinds = oversight.kinds(caller.region).await?;
    let name = match typed.name.trim() {
        "" => kinds.name(number),
        name => name,
    };
    let command = KindCommand::Change(KindChange {
        number,
        name: name.to_owned(),
        is_used: typed.is_used.unwrap_or_else(|| kinds.is_used(number)),
        reason: typed.reason.trim().to_owned(),
    });
    let order = caller.order(key, Expected::Any);
    let table = table_of(caller.region);
    oversight.send::<KindStream>(table, command, order).await
}
