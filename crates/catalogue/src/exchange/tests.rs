//! Files in and out: what goes out comes in again as it was, and mistakes come back at their cell.

use expect_test::expect;
use wuchuang_kernel::Region;

use super::*;
use crate::model::{ItemMaterial, TimeLimit, problems};

fn region() -> Region {
    "610924".parse().unwrap()
}

fn county() -> Vec<ExchangedItem> {
    import_county(DEMONSTRATION, region()).unwrap()
}

fn departments(items: &[ExchangedItem]) -> Departments {
    Departments(
        items
            .iter()
            .map(|item| item.content.department.clone())
            .collect(),
    )
}

#[test]
fn the_demonstration_county_has_forty_items_without_problems() {
    let items = county();
    assert_eq!(items.len(), 40);
    for item in &items {
        let found: Vec<_> = problems(&item.content)
            .into_iter()
            .map(|one| (one.field, one.public))
            .collect();
        assert_eq!(found, [], "{}", item.content.name);
        let own = item.content.form["properties"].as_object().unwrap().len();
        assert!(own >= 8, "{} asks {own} questions", item.content.name);
        assert!(item.content.clock_rule().is_ok(), "{}", item.content.name);
    }
}

#[test]
fn yaml_goes_out_and_comes_in_as_it_was() {
    let items = county();
    let text = export_yaml(&items).unwrap();
    assert_eq!(import_yaml(&text).unwrap(), items);
}

#[test]
fn a_drawn_process_goes_out_and_comes_in_to_the_letter() {
    let mut items = county();
    items.truncate(1);
    items[0].content.drawn_process =
        "<?xml version=\"1.0\"?>\r\n<!-- 初审: \"是\" 'x' #1 -->\n\t<a b=\"&lt;\"/>\n\n".to_owned();
    let text = export_yaml(&items).unwrap();
    assert_eq!(import_yaml(&text).unwrap(), items);
    let workbook = read_excel(&excel(&items).unwrap(), &departments(&items), &|_| {
        Some(items[0].content.clone())
    });
    assert_eq!(workbook.unwrap().items, items, "a workbook leaves it alone");
}

#[test]
fn yaml_that_is_no_list_of_items_is_refused() {
    let mut twice = county();
    twice.truncate(1);
    twice.push(twice[0].clone());
    let cases = [
        String::new(),
        "wuchuang_items: 9\nitems: []".to_owned(),
        "wuchuang_items: 1\nitems:\n- id: nonsense".to_owned(),
        export_yaml(&twice).unwrap(),
    ];
    let lines: Vec<String> = cases
        .iter()
        .map(|text| import_yaml(text).unwrap_err().to_string() + "\n")
        .collect();
    assert!(lines[0].starts_with("文件读不出来"), "{}", lines[0]);
    assert_eq!(
        lines[1],
        "文件是第 9 版格式，本系统只认识第 1 版，请升级系统后再导入\n"
    );
    assert!(lines[2].contains("items[0].id"), "{}", lines[2]);
    assert!(
        lines[3].starts_with("文件里有两处写了同一个事项"),
        "{}",
        lines[3]
    );
}

#[test]
fn a_workbook_goes_out_and_comes_in_as_it_was() {
    let items = county();
    let workbook = excel(&items).unwrap();
    let present = |id| {
        items
            .iter()
            .find(|item| item.id == id)
            .map(|item| item.content.clone())
    };
    let import = read_excel(&workbook, &departments(&items), &present).unwrap();
    assert_eq!(import.findings, []);
    assert_eq!(import.items.len(), items.len());
    for (read, written) in import.items.iter().zip(&items) {
        assert_eq!(read, written);
    }
}

#[test]
fn a_workbook_makes_new_items() {
    let items = &county()[..2];
    let import = read_excel(&excel(items).unwrap(), &departments(items), &|_| None).unwrap();
    assert_eq!(import.findings, []);
    assert_eq!(import.items[0].id, items[0].id);
    assert_eq!(
        import.items[0].content.materials,
        items[0].content.materials
    );
    assert_eq!(import.items[0].content.steps, items[0].content.steps);
}

#[test]
fn the_template_has_all_headings_and_no_items() {
    let import = read_excel(&excel_template().unwrap(), &Departments::default(), &|_| {
        None
    })
    .unwrap();
    assert_eq!((import.findings, import.items.len()), (Vec::new(), 0));
}

/// Three items with one mistake of each kind.
fn wrong() -> Vec<ExchangedItem> {
    let mut items = county();
    items.truncate(3);
    items[0].content.national_code = "000131127004".to_owned() + "X1";
    items[0].content.promised_limit = TimeLimit::working_days(9);
    items[1].content.legal_basis.clear();
    items[1].content.department.name = "没有的局".to_owned();
    let first = items[2].content.materials[0].name.clone();
    items[2].content.materials.push(ItemMaterial {
        id: "m9".to_owned(),
        name: first,
        copies: 99,
        ..ItemMaterial::default()
    });
    items
}

#[test]
fn every_mistake_is_told_at_its_cell() {
    let known = departments(&county());
    let import = read_excel(&excel(&wrong()).unwrap(), &known, &|_| None).unwrap();
    let lines: Vec<String> = import
        .findings
        .iter()
        .map(|one| {
            format!(
                "{} {} {}: {}\n",
                one.sheet,
                one.row + 1,
                one.title,
                one.public
            )
        })
        .collect();
    expect![[r#"
        事项 3 实施主体: 没有叫“没有的局”的部门。请用机构表里的全称，或先建机构。
        事项 2 国家编码: 业务办理项短码第13位是“X”，这里应是数字0到9。请对照国家政务服务事项目录中的编码；本地自编的编码请填在“地方编码”一栏。
        事项 2 承诺时限: 承诺办结时限（9 个工作日）比法定办结时限（3 个工作日）长。请把承诺时限改短，或核对法定时限。
        事项 3 事项标识: 还没有设定依据。没有法律依据的事项不能发布，请写明法律名称和条款。
        材料 16 材料名称: 材料“注销登记申请书”重复了。请合并成一个，或改名区分。
        材料 16 份数: 材料份数应是 1 到 50。
    "#]]
    .assert_eq(&lines.concat());
    let marked = excel_with_problems(&import.sheets, &import.findings).unwrap();
    let again = read_excel(&marked, &known, &|_| None).unwrap();
    assert_eq!(
        again.findings, import.findings,
        "marking changes nothing but the column 问题"
    );
    let materials = again
        .sheets
        .iter()
        .find(|sheet| sheet.name == "材料")
        .unwrap();
    let told = materials.cells.get(&(15, materials.width())).unwrap();
    assert_eq!(
        told,
        "材料“注销登记申请书”重复了。请合并成一个，或改名区分。\n材料份数应是 1 到 50。"
    );
}

#[test]
fn what_is_no_workbook_is_refused() {
    let refused = |bytes: &[u8]| {
        read_excel(bytes, &Departments::default(), &|_| None)
            .unwrap_err()
            .to_string()
    };
    expect![[r"
        这个文件不是能读的 Excel 工作簿（.xlsx）。请用“下载模板”得到的文件填写后再传。
        这个文件不是能读的 Excel 工作簿（.xlsx）。请用“下载模板”得到的文件填写后再传。
        文件超过 10 MB。请分成几个文件，再分别导入。"]]
    .assert_eq(
        &[
            refused(b"name;limit"),
            refused(b"PK\x03\x04broken"),
            refused(&vec![0; FILE_BYTES_MAX + 1]),
        ]
        .join("\n"),
    );
}

#[test]
fn a_text_in_the_last_corner_makes_no_table_of_the_whole_sheet() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet
        .set_name("事项")
        .unwrap()
        .write_string(1_048_575, 16_383, "角")
        .unwrap();
    let error = read_excel(
        &book.save_to_buffer().unwrap(),
        &Departments::default(),
        &|_| None,
    )
    .unwrap_err();
    assert!(matches!(error, ExcelError::SheetTooLarge(_)), "{error}");
}
