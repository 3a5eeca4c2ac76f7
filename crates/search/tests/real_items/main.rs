//! Questions that people of a county ask, over its forty real items, and what they find first.

#![expect(
    clippy::needless_raw_string_hashes,
    clippy::format_collect,
    reason = "the tables are written by expect-test, and their text is short"
)]

mod items;
mod lists;

use std::sync::LazyLock;

use expect_test::{Expect, expect};
use wuchuang_search::{
    GuideFilters, GuideHit, GuideHits, GuideQuery, PAGE_LIMIT_MAX, Page, SearchIndex,
};

static INDEX: LazyLock<SearchIndex> = LazyLock::new(items::index);

fn ask(text: &str) -> GuideHits {
    INDEX
        .query(&GuideQuery {
            text: text.to_owned(),
            ..GuideQuery::default()
        })
        .expect("any text is a question")
}

fn name(hit: &GuideHit) -> String {
    hit.name_highlighted
        .iter()
        .map(|(text, _)| text.as_str())
        .collect()
}

fn marked(hit: &GuideHit) -> String {
    hit.name_highlighted
        .iter()
        .map(|(text, marked)| {
            if *marked {
                format!("[{text}]")
            } else {
                text.clone()
            }
        })
        .collect()
}

/// The first name for each question.
fn first(questions: &[&str]) -> String {
    questions
        .iter()
        .map(|text| {
            let found = ask(text);
            let best = found.hits.first().map_or_else(|| "-".to_owned(), name);
            let hint = found
                .did_you_mean
                .map(|hint| format!(" ?{hint}"))
                .unwrap_or_default();
            format!("{text} -> {best}{hint}\n")
        })
        .collect()
}

fn check(questions: &[&str], expected: Expect) {
    expected.assert_eq(&first(questions));
}

#[test]
fn every_item_is_first_under_its_own_name() {
    for guide in items::guides() {
        assert_eq!(
            ask(&guide.name).hits.first().map(name),
            Some(guide.name.clone())
        );
    }
}

#[test]
fn every_item_is_found_by_any_pair_of_its_characters() {
    for guide in items::guides() {
        let characters: Vec<char> = guide
            .name
            .chars()
            .filter(|character| character.is_alphanumeric())
            .collect();
        for pair in characters.windows(2) {
            let text: String = pair.iter().collect();
            if ["办理", "如何"].contains(&text.as_str()) {
                continue;
            }
            let found = INDEX
                .query(&GuideQuery {
                    text: text.clone(),
                    page: Page::new(0, PAGE_LIMIT_MAX),
                    ..GuideQuery::default()
                })
                .expect("any text is a question");
            assert!(
                found.hits.iter().any(|hit| hit.id == guide.id),
                "{text} does not find {}",
                guide.name
            );
        }
    }
}

#[test]
fn pinyin_initials_and_mixtures() {
    check(
        &[
            "sydj",
            "SYDJ",
            "ＳＹＤＪ",
            "shiyedengji",
            "shi ye deng ji",
            "shiye登记",
            "失业dengji",
            "sy登记",
            "shiyed",
            "hz",
            "huzhao",
            "lvguan",
            "luguan",
            "shbzk",
            "dibao",
            "zdshbz",
            "jiehunzheng",
        ],
        expect![[r#"
            sydj -> 失业登记
            SYDJ -> 失业登记
            ＳＹＤＪ -> 失业登记
            shiyedengji -> 失业登记
            shi ye deng ji -> 失业登记
            shiye登记 -> 失业登记
            失业dengji -> 失业登记
            sy登记 -> 失业登记
            shiyed -> 失业登记
            hz -> 农民专业合作社设立登记
            huzhao -> 普通护照签发
            lvguan -> 旅馆业特种行业许可证核发
            luguan -> 旅馆业特种行业许可证核发
            shbzk -> 社会保障卡申领
            dibao -> 最低生活保障
            zdshbz -> 最低生活保障
            jiehunzheng -> 中国内地公民婚姻登记
        "#]],
    );
}

#[test]
fn mistakes_are_forgiven() {
    check(
        &[
            "失业登机",
            "失叶登记",
            "失业登己",
            "失业蹬记",
            "shiyedenji",
            "siyedengji",
            "shieydengji",
            "养劳保险",
            "居民身分证",
            "普通户照",
            "林木采划许可",
            "shiye登机",
            "残疾人正",
        ],
        expect![[r#"
            失业登机 -> 失业登记 ?失业登记
            失叶登记 -> 失业登记 ?失业登记
            失业登己 -> 失业登记 ?失业登记
            失业蹬记 -> 失业登记 ?失业登记
            shiyedenji -> 失业登记 ?失业登记
            siyedengji -> 失业登记 ?失业登记
            shieydengji -> 失业登记 ?失业登记
            养劳保险 -> 城乡居民养老保险参保登记 ?城乡居民养老保险参保登记
            居民身分证 -> 居民身份证办理 ?居民身份证办理
            普通户照 -> 普通护照签发 ?普通护照签发
            林木采划许可 -> 林木采伐许可证核发（县级权限） ?林木采伐许可证核发（县级权限）
            shiye登机 -> 失业登记 ?失业登记
            残疾人正 -> 残疾人证新办 ?残疾人证新办
        "#]],
    );
}

#[test]
fn everyday_words() {
    check(
        &[
            "丢工作了怎么办",
            "请问下岗怎么办",
            "开店",
            "我要开店",
            "开个饭店要什么材料",
            "老人证",
            "准生证",
            "上户口",
            "盖房子",
            "砍树",
            "卖烟",
            "结婚证",
            "身份证丢了",
            "报药费",
            "低保怎么申请",
            "残疾证",
            "外地看病",
            "养猪",
            "过户",
            "刻章",
            "护照去哪里办",
            "80岁老人补贴",
            "合作社",
            "打井",
            "跑货运",
            "开宾馆",
            "摆摊",
        ],
        expect![[r#"
            丢工作了怎么办 -> 失业登记
            请问下岗怎么办 -> 失业登记
            开店 -> 个体工商户设立登记
            我要开店 -> 个体工商户设立登记
            开个饭店要什么材料 -> 食品经营许可核发
            老人证 -> 老年人优待证申领
            准生证 -> 生育登记
            上户口 -> 出生登记（户口）
            盖房子 -> 乡村建设规划许可证核发
            砍树 -> 林木采伐许可证核发（县级权限）
            卖烟 -> 烟草专卖零售许可证新办
            结婚证 -> 中国内地公民婚姻登记
            身份证丢了 -> 居民身份证办理
            报药费 -> 门诊费用报销
            低保怎么申请 -> 最低生活保障
            残疾证 -> 残疾人证新办
            外地看病 -> 异地长期居住人员备案
            养猪 -> 畜禽养殖场、养殖小区备案
            过户 -> 不动产转移登记（存量房）
            刻章 -> 公章刻制备案
            护照去哪里办 -> 普通护照签发
            80岁老人补贴 -> 80周岁以上老年人高龄津贴发放
            合作社 -> 农民专业合作社设立登记
            打井 -> 取水许可
            跑货运 -> 道路货物运输经营许可
            开宾馆 -> 旅馆业特种行业许可证核发
            摆摊 -> 个体工商户设立登记
        "#]],
    );
}

#[test]
fn several_words_must_all_be_found() {
    check(
        &[
            "残疾 补贴",
            "公司 注销",
            "医疗保险 登记",
            "营业 消防",
            "人社 失业",
        ],
        expect![[r#"
        残疾 补贴 -> 困难残疾人生活补贴和重度残疾人护理补贴
        公司 注销 -> 公司注销登记
        医疗保险 登记 -> 城乡居民基本医疗保险参保登记
        营业 消防 -> 公众聚集场所投入使用、营业前消防安全检查
        人社 失业 -> 失业登记
    "#]],
    );
}

#[test]
fn nothing_found_says_so() {
    check(
        &["月球旅行", "qqqqzzzz", "火箭发射场", "😀", "xyz", "zzdj"],
        expect![[r#"
        月球旅行 -> -
        qqqqzzzz -> -
        火箭发射场 -> -
        😀 -> 城乡居民基本医疗保险参保登记
        xyz -> -
        zzdj -> -
    "#]],
    );
    let found = ask("qqqqzzzz");
    assert_eq!((found.total, found.hits.len()), (0, 0));
}

#[test]
fn names_show_what_matched() {
    let marks = |text: &str| {
        ask(text)
            .hits
            .iter()
            .take(3)
            .map(marked)
            .collect::<Vec<_>>()
            .join("\n")
    };
    expect![[r#"
        不动产转移[登记]（存量房）
        失业[登记]
        生育[登记]"#]]
    .assert_eq(&marks("登记"));
    expect![[r#"
        [失业登记]
        [生育登记]"#]]
    .assert_eq(&marks("sydj"));
    expect!["[失业登记]"].assert_eq(&marks("shiye登记"));
    expect!["[出生登记（户口]）"].assert_eq(&marks("出生登记户口"));
    expect!["[失业登记]"].assert_eq(&marks("失业登机"));
}

#[test]
fn filters_narrow_and_facets_count_other_choices() {
    let filters = |filters: GuideFilters| {
        let found = INDEX
            .query(&GuideQuery {
                text: "登记".to_owned(),
                filters,
                page: Page::new(0, 3),
            })
            .expect("any text is a question");
        let facet = |counts: &[wuchuang_search::FacetCount]| {
            counts
                .iter()
                .take(3)
                .map(|facet| format!("{} {}", facet.value, facet.count))
                .collect::<Vec<_>>()
                .join(", ")
        };
        format!(
            "{} of {}\nlevels: {}\nsubjects: {}\ndepartments: {}\ntags: {}\n",
            found.hits.iter().map(name).collect::<Vec<_>>().join(", "),
            found.total,
            facet(&found.facets.levels),
            facet(&found.facets.subjects),
            facet(&found.facets.departments),
            facet(&found.facets.tags),
        )
    };
    expect![[r#"
        不动产转移登记（存量房）, 失业登记, 生育登记 of 16
        levels: 县级 12, 村级 3, 乡镇级 1
        subjects: 自然人 12, 企业法人 6
        departments: 市场监督管理局 5, 人力资源和社会保障局 3, 公安局 3
        tags: 开办企业 4, 社会保障 4
    "#]]
    .assert_eq(&filters(GuideFilters::default()));
    expect![[r#"
        失业登记, 生育登记, 城乡居民基本医疗保险参保登记 of 3
        levels: 县级 12, 村级 3, 乡镇级 1
        subjects: 自然人 3
        departments: 人力资源和社会保障局 1, 医疗保障局 1, 卫生健康局 1
        tags: 社会保障 2
    "#]]
    .assert_eq(&filters(GuideFilters {
        level: Some("村级".to_owned()),
        ..GuideFilters::default()
    }));
    expect![[r#"
        公司注销登记, 公司变更登记, 公司设立登记 of 3
        levels: 县级 3
        subjects: 企业法人 3, 自然人 1
        departments: 市场监督管理局 3
        tags: 开办企业 3
    "#]]
    .assert_eq(&filters(GuideFilters {
        tags: vec!["开办企业".to_owned()],
        subject: Some("企业法人".to_owned()),
        ..GuideFilters::default()
    }));
    expect![[r#"
        出生登记（户口）, 居民身份证办理, 旅馆业特种行业许可证核发 of 3
        levels: 县级 3
        subjects: 自然人 3, 企业法人 1
        departments: 市场监督管理局 5, 人力资源和社会保障局 3, 公安局 3
        tags: 
    "#]]
    .assert_eq(&filters(GuideFilters {
        department: Some("公安局".to_owned()),
        ..GuideFilters::default()
    }));
}
