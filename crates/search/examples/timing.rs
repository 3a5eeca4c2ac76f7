//! Prints how long questions take over 5,000 guides: `cargo run --release --example timing`. A measurement, not a test.

#![expect(
    clippy::disallowed_methods,
    reason = "measuring the time is the purpose of this program"
)]

use std::{hint::black_box, time::Instant};

use wuchuang_search::{GuideDocument, GuideQuery, SearchError, SearchIndex};

const GUIDES: usize = 5_000;
const ROUNDS: usize = 50;
const PLACES: &[&str] = &[
    "城乡居民",
    "企业职工",
    "个体工商户",
    "农民专业合作社",
    "残疾人",
    "老年人",
    "旅馆业",
    "道路货物运输",
    "林木",
    "食品",
];
const MATTERS: &[&str] = &[
    "养老保险参保",
    "经营许可",
    "采伐许可",
    "失业",
    "医疗费用报销",
    "优待证",
    "补贴",
    "备案",
    "安全检查",
    "规划许可",
];
const ACTIONS: &[&str] = &[
    "登记", "变更", "注销", "补发", "核发", "延续", "审批", "查询", "申领", "认定",
];
const QUESTIONS: &[&str] = &[
    "",
    "失业登记",
    "登记",
    "sydj",
    "shiyedengji",
    "shiye登记",
    "失业登机",
    "丢工作了怎么办",
    "开店",
    "证",
    "s",
    "月球旅行",
    "shiyedenji",
    "养老保险 补发",
    "请问八十岁的老人高龄补贴怎么领需要带什么材料去哪里办",
];

fn main() -> Result<(), SearchError> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let start = Instant::now();
    let index = SearchIndex::open(folder.path())?;
    println!("opened an empty index in {:?}", start.elapsed());
    let guides: Vec<GuideDocument> = (0..GUIDES).map(guide).collect();
    let start = Instant::now();
    index.replace_all(&guides)?;
    index.commit()?;
    println!(
        "indexed {} guides in {:?}",
        index.document_count(),
        start.elapsed()
    );
    drop(index);
    let start = Instant::now();
    let index = SearchIndex::open(folder.path())?;
    println!("opened it again in {:?}", start.elapsed());
    let start = Instant::now();
    index.upsert(&guides[0])?;
    index.commit()?;
    println!("one change visible after {:?}", start.elapsed());
    let mut all = Vec::new();
    for text in QUESTIONS {
        let query = GuideQuery {
            text: (*text).to_owned(),
            ..GuideQuery::default()
        };
        let mut times = Vec::with_capacity(ROUNDS);
        let mut total = 0;
        for _ in 0..ROUNDS {
            let start = Instant::now();
            total = black_box(index.query(&query)?).total;
            times.push(start.elapsed());
        }
        times.sort();
        println!(
            "{:>10?} median {:>10?} most {total:>5} hits  {text}",
            times[ROUNDS / 2],
            times[ROUNDS - 1]
        );
        all.extend(times);
    }
    all.sort();
    println!("p99 of all questions: {:?}", all[all.len() * 99 / 100]);
    let start = Instant::now();
    black_box(index.suggest("sy"));
    println!("suggest: {:?}", start.elapsed());
    Ok(())
}

fn guide(number: usize) -> GuideDocument {
    let (place, matter, action) = (
        PLACES[number % 10],
        MATTERS[number / 10 % 10],
        ACTIONS[number / 100 % 10],
    );
    GuideDocument {
        id: number.to_string(),
        name: format!("{place}{matter}{action}（第{}号窗口）", number / 1_000),
        department: format!("{place}管理局"),
        subjects: vec!["自然人".to_owned()],
        kind: "公共服务".to_owned(),
        level: "县级".to_owned(),
        tags: vec![matter.to_owned()],
        keywords: vec![format!("{place}{action}")],
        body: format!(
            "申请人持居民身份证、户口簿和{matter}证明到窗口{action}，符合条件的当场办结，不收费。"
        )
        .repeat(5),
    }
}
