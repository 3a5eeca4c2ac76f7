//! Lists, pages, suggestions, changes to the index, and texts that nobody would type on purpose.

use expect_test::expect;
use proptest::prelude::*;
use wuchuang_search::{GuideDocument, GuideQuery, Page, SearchError, SearchIndex, Synonyms};

use crate::{INDEX, ask, items, name};

#[test]
fn no_question_lists_everything_by_popularity() {
    for text in ["", "  ", "怎么办", "请问", "!?"] {
        let found = ask(text);
        assert_eq!(found.total, 40, "{text}");
        assert_eq!(name(&found.hits[0]), "城乡居民基本医疗保险参保登记");
        assert_eq!(found.did_you_mean, None);
    }
}

#[test]
fn pages_follow_each_other_without_overlap() {
    let page = |offset| {
        INDEX
            .query(&GuideQuery {
                text: "许可".to_owned(),
                page: Page::new(offset, 5),
                ..GuideQuery::default()
            })
            .expect("any text is a question")
    };
    let total = page(0).total;
    let mut seen: Vec<String> = (0..total)
        .step_by(5)
        .flat_map(|offset| page(offset).hits)
        .map(|hit| hit.id)
        .collect();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), total);
    assert_eq!(
        (Page::new(5_000, 0).offset(), Page::new(5_000, 0).limit()),
        (1_000, 1)
    );
}

/// The names that complete a text.
fn names(index: &SearchIndex, text: &str) -> Vec<String> {
    let suggestions = index.suggest(text).into_iter();
    suggestions.map(|suggestion| suggestion.name).collect()
}

#[test]
fn what_is_used_most_comes_first_at_once_and_after_the_next_commit() {
    let index = items::index();
    let first = || {
        let found = index.query(&GuideQuery::default()).expect("any text");
        found.hits.first().map(name).unwrap_or_default()
    };
    assert_eq!(first(), "城乡居民基本医疗保险参保登记");
    index.set_popularity([("I34".to_owned(), 3)].into());
    assert_eq!(first(), "失业登记");
    assert_eq!(index.suggest("失业")[0].id, "I34");
    index.commit().expect("memory is enough");
    assert_eq!(first(), "失业登记");
    index.set_popularity([].into());
    assert_eq!(first(), names(&index, "80周岁")[0], "by name then");
}

#[test]
fn suggestions() {
    let suggest = |text: &str| names(&INDEX, text).join(", ");
    expect!["公司变更登记, 公司注销登记, 公司设立登记"].assert_eq(&suggest("公司"));
    expect!["失业登记, 生育登记, 80周岁以上老年人高龄津贴发放, 《出生医学证明》首次签发, 公众聚集场所投入使用、营业前消防安全检查"].assert_eq(&suggest("sy"));
    expect!["失业登记"].assert_eq(&suggest("shiye登"));
    expect!["城乡居民养老保险参保登记"].assert_eq(&suggest("养老"));
    expect![[""]].assert_eq(&suggest(""));
    assert!(INDEX.suggest("登记").len() <= 8);
}

#[test]
fn long_questions_are_cut() {
    let found = ask(&"失业登记".repeat(100));
    assert!(found.text_cut);
    assert!(!ask(&"失".repeat(100)).text_cut);
}

#[test]
fn changes_are_seen_after_commit_and_survive_reopening() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let guide = |id: &str, name: &str| GuideDocument {
        id: id.to_owned(),
        name: name.to_owned(),
        ..GuideDocument::default()
    };
    let total = |index: &SearchIndex, text: &str| {
        index
            .query(&GuideQuery {
                text: text.to_owned(),
                ..GuideQuery::default()
            })
            .expect("any text is a question")
            .total
    };
    {
        let index = SearchIndex::open(folder.path()).expect("an empty folder");
        assert_eq!(index.document_count(), 0);
        index
            .replace_all(&[guide("1", "失业登记"), guide("2", "取水许可")])
            .expect("valid");
        assert_eq!(total(&index, "失业"), 0);
        index.commit().expect("disk");
        assert_eq!(total(&index, "失业"), 1);
        index.upsert(&guide("1", "就业登记")).expect("valid");
        index.remove("2");
        index.remove("none");
        index.commit().expect("disk");
    }
    let index = SearchIndex::open(folder.path()).expect("the same folder");
    assert_eq!(
        (
            index.document_count(),
            total(&index, "就业登记"),
            total(&index, "取水")
        ),
        (1, 1, 0)
    );
    assert!(matches!(
        index.upsert(&guide("3", "《》")),
        Err(SearchError::NameEmpty { .. })
    ));
}

#[test]
fn a_damaged_index_is_replaced_by_an_empty_one() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    {
        let index = SearchIndex::open(folder.path()).expect("an empty folder");
        index.replace_all(&items::guides()).expect("valid");
        index.commit().expect("disk");
    }
    let own = std::fs::read_dir(folder.path())
        .expect("readable")
        .next()
        .expect("one folder")
        .expect("readable")
        .path();
    std::fs::write(own.join("meta.json"), "{").expect("writable");
    let index = SearchIndex::open(folder.path()).expect("made again");
    assert_eq!(index.document_count(), 0);
}

#[test]
fn plain_names_and_own_synonyms() {
    let index = SearchIndex::in_memory()
        .expect("memory is enough")
        .with_synonyms(Synonyms::parse("屋头起楼 => 乡村建设规划许可证").expect("one good line"));
    let mut guides = items::guides();
    guides[0].keywords = vec!["开公司".to_owned(), "注册公司".to_owned()];
    index.replace_all(&guides).expect("valid");
    index.commit().expect("memory is enough");
    let first = |text: &str| {
        let found = index
            .query(&GuideQuery {
                text: text.to_owned(),
                ..GuideQuery::default()
            })
            .expect("any text");
        found.hits.first().map(name).unwrap_or_default()
    };
    assert_eq!(first("屋头起楼"), "乡村建设规划许可证核发");
    assert_eq!(first("注册公司"), "公司设立登记");
    assert_eq!(first("zcgs"), "公司设立登记");
    assert_eq!(names(&index, "开公"), ["公司设立登记"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_a_question(text in any::<String>()) {
        ask(&text);
        INDEX.suggest(&text);
    }

    #[test]
    fn any_mixture_of_known_words_is_a_question(
        words in prop::collection::vec(prop::sample::select(vec!["失业", "登记", "怎么办", "sy", "z", "80", "《", " ", "办", "老人证", "了", "lv", "ü", "的"]), 0..40)
    ) {
        let found = ask(&words.concat());
        prop_assert!(found.hits.len() <= found.total);
        for hit in &found.hits {
            prop_assert!(hit.score.is_finite());
        }
    }
}
