//! The table of accounts: read from Excel and checked row by row. Pure: what there is already is passed in.

pub(super) mod out;

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    io::Cursor,
};

use calamine::{Reader, Xlsx};
use wuchuang_codes::PhoneNumber;
use wuchuang_kernel::{OrganisationId, Region, Role};
use wuchuang_webkit::request::workbook::{text_of, unpacks_beyond};

use crate::model::{check_account, staff::PostDetails};

/// How many rows a table may have.
pub(super) const ROWS_MAX: usize = 5_000;
/// How large a table may be when unpacked.
const UNPACKED_BYTES_MAX: u64 = 100 * 1024 * 1024;
/// How long a cell may be, in characters.
const CELL_LENGTH_MAX: usize = 200;
/// The columns, in order.
pub(super) const COLUMNS: [&str; 7] = [
    "账号",
    "姓名",
    "电话",
    "机构",
    "岗位",
    "权限",
    "管辖区域代码",
];
/// The roles that a table may give. Administrators and oversight are appointed one by one by the
/// security administrator.
const ROLES: [Role; 4] = [
    Role::CounterClerk,
    Role::Reviewer,
    Role::Approver,
    Role::CatalogueManager,
];

/// Why a table was not read at all.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(super) enum SheetError {
    #[error("这不是能读的Excel文件（.xlsx）。请下载模板，填好后用Excel保存为.xlsx再上传。")]
    Unreadable,
    #[error("文件展开后太大。请删去图片和多余的工作表，只保留模板里的列。")]
    TooLarge,
    #[error("表头与模板不一致：第{0}列应为“{1}”。请下载模板，按模板的列填写。")]
    Heading(usize, &'static str),
    #[error("最多5000行，请分成几个文件上传。")]
    TooManyRows,
    #[error("表里没有数据。请从第2行开始填写。")]
    Empty,
}

/// One row as it was typed, with its row number in the sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) number: u32,
    pub(super) cells: [String; COLUMNS.len()],
}

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) row: u32,
    pub(super) column: usize,
    pub(super) sentence: String,
}

impl Problem {
    /// The column's heading.
    pub(super) fn heading(&self) -> &'static str {
        COLUMNS.get(self.column).copied().unwrap_or_default()
    }
}

/// An account to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) row: u32,
    /// The name with which the person signs in.
    pub(super) sign_in_name: String,
    pub(super) name: String,
    pub(super) phone: String,
    pub(super) post: Option<PostDetails>,
}

/// What there is already.
pub(super) struct Present {
    pub(super) region: Region,
    pub(super) organisations: HashMap<String, (OrganisationId, Region)>,
    pub(super) accounts: HashSet<String>,
}

/// Reads the first sheet of a workbook.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Row>, SheetError> {
    if unpacks_beyond(bytes, UNPACKED_BYTES_MAX) {
        return Err(SheetError::TooLarge);
    }
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| SheetError::Unreadable)?;
    let sheet = book
        .sheet_names()
        .first()
        .cloned()
        .ok_or(SheetError::Empty)?;
    let mut cells = book
        .worksheet_cells_reader(&sheet)
        .map_err(|_| SheetError::Unreadable)?;
    let mut heading: [String; COLUMNS.len()] = Default::default();
    let mut rows: Vec<Row> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(|_| SheetError::Unreadable)? {
        let (number, column) = cell.get_position();
        let Some(place) = usize::try_from(column)
            .ok()
            .filter(|place| *place < COLUMNS.len())
        else {
            continue;
        };
        let text = text_of(cell.get_value(), CELL_LENGTH_MAX);
        if number == 0 {
            heading[place] = text;
            continue;
        }
        if text.is_empty() {
            continue;
        }
        if rows.last().is_none_or(|row| row.number != number) {
            if rows.len() == ROWS_MAX {
                return Err(SheetError::TooManyRows);
            }
            rows.push(Row {
                number,
                cells: Default::default(),
            });
        }
        if let Some(row) = rows.last_mut() {
            row.cells[place] = text;
        }
    }
    for (place, expected) in COLUMNS.into_iter().enumerate() {
        if heading[place] != expected {
            return Err(SheetError::Heading(place + 1, expected));
        }
    }
    if rows.is_empty() {
        Err(SheetError::Empty)
    } else {
        Ok(rows)
    }
}

/// Checks all rows; the accounts to make, or everything that is wrong.
pub(super) fn check(rows: &[Row], present: &Present) -> Result<Vec<Account>, Vec<Problem>> {
    let mut seen: HashMap<String, u32> = HashMap::new();
    let mut problems = Vec::new();
    let mut accounts = Vec::new();
    for row in rows {
        let before = problems.len();
        let [account, name, phone, ..] = &row.cells;
        let account = account.to_lowercase();
        let mut wrong = |column: usize, sentence: String| {
            problems.push(Problem {
                row: row.number,
                column,
                sentence,
            });
        };
        if let Err(rejection) = check_account(&account) {
            wrong(0, rejection.public.into_owned());
        } else if present.accounts.contains(&account) {
            wrong(0, "这个账号已经存在，请换一个账号名或删去这一行。".into());
        } else if let Some(first) = seen.insert(account.clone(), row.number) {
            wrong(
                0,
                format!("与第{}行的账号重复，请改成不同的账号名。", first + 1),
            );
        }
        if name.is_empty() {
            wrong(1, "请填写姓名。".into());
        } else if name.chars().count() > 40 {
            wrong(1, "姓名最多40个字。".into());
        }
        let phone = match PhoneNumber::parse(phone) {
            _ if phone.is_empty() => String::new(),
            Ok(phone) => phone.as_str().to_owned(),
            Err(error) => {
                wrong(2, error.explain());
                String::new()
            }
        };
        let post = post(row, present, &mut wrong);
        if problems.len() == before {
            accounts.push(Account {
                row: row.number,
                sign_in_name: account,
                name: name.clone(),
                phone,
                post,
            });
        }
    }
    if problems.is_empty() {
        Ok(accounts)
    } else {
        Err(problems)
    }
}

fn post(
    row: &Row,
    present: &Present,
    wrong: &mut impl FnMut(usize, String),
) -> Option<PostDetails> {
    let [_, _, _, organisation, title, roles, reach] = &row.cells;
    if [organisation, title, roles, reach]
        .iter()
        .all(|cell| cell.is_empty())
    {
        return None;
    }
    let found = present.organisations.get(organisation);
    if found.is_none() {
        wrong(
            3,
            "没有这个机构。请照“机构”页面上的名称填写，或先登记机构。".into(),
        );
    }
    if title.is_empty() || title.chars().count() > 40 {
        wrong(4, "请填写岗位名称，最多40个字。".into());
    }
    let mut given = BTreeSet::new();
    for word in roles
        .split(['、', ',', '，', ' '])
        .filter(|word| !word.is_empty())
    {
        if let Some(role) = ROLES.into_iter().find(|role| role.name() == word) {
            given.insert(role);
        } else {
            let allowed: Vec<&str> = ROLES.into_iter().map(Role::name).collect();
            wrong(
                5,
                format!("不能批量授予“{word}”，可填：{}。", allowed.join("、")),
            );
        }
    }
    if roles.is_empty() {
        wrong(5, "请填写权限，多项用顿号分开。".into());
    }
    let (organisation, place) = *found?;
    let reach = if reach.is_empty() {
        place
    } else {
        match reach.parse::<Region>() {
            Ok(reach) if present.region.contains(&reach) => reach,
            _ => {
                wrong(
                    6,
                    "请填写本县范围内的6位、9位或12位区划代码，或留空。".into(),
                );
                return None;
            }
        }
    };
    Some(PostDetails {
        organisation,
        title: title.clone(),
        roles: given,
        reach,
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::{out::with_problems, *};

    fn present() -> Present {
        let region: Region = "610924".parse().unwrap();
        Present {
            region,
            organisations: HashMap::from([(
                "民政局".into(),
                (OrganisationId::from_u128(1), region),
            )]),
            accounts: HashSet::from(["taken".into()]),
        }
    }

    fn row(number: u32, cells: [&str; 7]) -> Row {
        Row {
            number,
            cells: cells.map(str::to_owned),
        }
    }

    #[test]
    fn every_wrong_cell_is_named() {
        let rows = [
            row(
                1,
                [
                    "zhang.wei",
                    "张伟",
                    "",
                    "民政局",
                    "部门窗口",
                    "窗口受理、审查",
                    "",
                ],
            ),
            row(2, ["Taken", "", "123", "民政所", "", "系统管理", "430682"]),
            row(3, ["zhang.wei", "张伟", "", "", "", "", ""]),
        ];
        let problems = check(&rows, &present()).unwrap_err();
        let lines: Vec<String> = problems
            .iter()
            .map(|problem| {
                format!(
                    "{} {} {}",
                    problem.row + 1,
                    problem.heading(),
                    problem.sentence
                )
            })
            .collect();
        expect![[r#"
            3 账号 这个账号已经存在，请换一个账号名或删去这一行。
            3 姓名 请填写姓名。
            3 电话 这不是国内的手机号或座机号。请填11位手机号，或带区号的座机号，如“0915-4421234”。
            3 机构 没有这个机构。请照“机构”页面上的名称填写，或先登记机构。
            3 岗位 请填写岗位名称，最多40个字。
            3 权限 不能批量授予“系统管理”，可填：窗口受理、审查、审批、事项管理。
            4 账号 与第2行的账号重复，请改成不同的账号名。"#]]
        .assert_eq(&lines.join("\n"));
    }

    #[test]
    fn a_table_reads_back_as_it_was_written() {
        let rows = vec![row(
            1,
            [
                "zhang.wei",
                "张伟",
                "13800138000",
                "民政局",
                "部门窗口",
                "窗口受理",
                "",
            ],
        )];
        let bytes = with_problems(&rows, &[]).unwrap();
        assert_eq!(read(&bytes).unwrap(), rows);
        assert_eq!(check(&rows, &present()).unwrap().len(), 1);
        assert_eq!(read(b"no workbook"), Err(SheetError::Unreadable));
    }
}
