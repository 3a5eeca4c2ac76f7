//! What every page needs besides its own content: the layouts in `templates/layouts/` read it as `page`.
//!
//! It lives in webkit so that all windows have one header, one navigation and one way to speak. A page of any crate is
//! an askama template with a field `page: &PageContext` that extends `layouts/public.html` or `layouts/staff.html`.

use std::{borrow::Cow, fmt::Display as FmtDisplay, sync::Arc};

use crate::{
    assets,
    display::{DISPLAY_PATH, Display, encode, is_own_path},
    language::{Language, Translator},
};

/// What is the same on every page of one installation; from the configuration.
#[derive(Clone, Debug)]
pub struct Site {
    /// Name of the county as people say it: "紫阳县".
    pub county_name: String,
    /// Where the site is reached, without a trailing slash: `https://zwfw.example.gov.cn`. Goes into QR codes, so ASCII.
    pub origin: String,
    /// The telephone that answers: 12345, or the hall's number.
    pub telephone: String,
    /// Who runs the site: "紫阳县政务服务中心".
    pub operator: String,
    /// Record numbers in the footer (ICP 备案, 公安备案); empty when not given.
    pub records: Vec<String>,
}

/// Which kind of person looks at the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitorKind {
    /// A citizen or the agent of an organisation.
    Citizen,
    /// Somebody who works here.
    Staff,
}

/// The person logged in, as the header shows them.
#[derive(Clone, Debug)]
pub struct VisitorView {
    /// The name to show; masked for citizens.
    pub display_name: String,
    /// Citizen or staff.
    pub kind: VisitorKind,
    /// The post in which staff act: "综合窗口 · 政务服务中心".
    pub post: Option<String>,
}

/// One line of the staff navigation.
#[derive(Clone, Debug)]
pub struct NavigationEntry {
    /// The words (Chinese, translated by the layout).
    pub label: String,
    /// The path it leads to.
    pub path: String,
    /// Name of the icon in the sprite (`web/icons.json`).
    pub icon: &'static str,
    /// How much waits there; shown when greater than zero.
    pub count: Option<u64>,
}

/// A titled group of the staff navigation.
#[derive(Clone, Debug)]
pub struct NavigationGroup {
    /// The words (Chinese, translated by the layout).
    pub label: String,
    /// Its lines.
    pub entries: Vec<NavigationEntry>,
}

/// A step on the way to this page.
#[derive(Clone, Debug)]
pub struct Crumb {
    /// The words.
    pub label: String,
    /// The path it leads to.
    pub path: String,
}

/// How a message after a deed is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlashKind {
    /// It is done.
    Success,
    /// Something to know.
    Notice,
    /// Something to do.
    Warning,
    /// It was not done.
    Error,
}

impl FlashKind {
    /// The icon and CSS name of the kind.
    pub fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The icon in the sprite.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Success => "circle-check",
            Self::Notice => "info-circle",
            Self::Warning | Self::Error => "alert-triangle",
        }
    }
}

/// A message shown once, after a deed.
#[derive(Clone, Debug)]
pub struct Flash {
    /// How it is meant.
    pub kind: FlashKind,
    /// What it says, in the visitor's language.
    pub text: String,
}

/// Everything a layout reads. One is made for each request by the visitor middleware; the handler sets the title.
#[derive(Clone, Debug)]
pub struct PageContext {
    /// The same on every page.
    pub site: Arc<Site>,
    /// The page's own title, in the visitor's language; the county's name follows by itself.
    pub title: String,
    /// Whether the page shows an error summary: then its title begins with 错误：.
    pub has_errors: bool,
    /// Speaks the visitor's language.
    pub translator: Translator,
    /// How the visitor wants it to look.
    pub display: Display,
    /// The person logged in.
    pub visitor: Option<VisitorView>,
    /// The staff navigation.
    pub navigation: Vec<NavigationGroup>,
    /// The path of this page with its query.
    pub current_path: String,
    /// The way to this page, outermost first, without the page itself.
    pub crumbs: Vec<Crumb>,
    /// Message of the deed before.
    pub flash: Option<Flash>,
    /// The idempotency key of the form on this page, fresh for each page: the hidden field `command_id`.
    pub command_id: String,
    /// Whether programs that collect pages may keep this one.
    pub may_be_indexed: bool,
}

impl PageContext {
    /// A page without visitor, navigation or message.
    pub fn new(
        site: Arc<Site>,
        translator: Translator,
        display: Display,
        current_path: impl Into<String>,
    ) -> Self {
        Self {
            site,
            title: String::new(),
            has_errors: false,
            translator,
            display,
            visitor: None,
            navigation: Vec::new(),
            current_path: current_path.into(),
            crumbs: Vec::new(),
            flash: None,
            command_id: String::new(),
            may_be_indexed: false,
        }
    }

    /// Sets the title; give the Chinese sentence, it is translated here.
    #[must_use]
    pub fn titled(mut self, title: &str) -> Self {
        self.title = self.translator.t(title).into_owned();
        self
    }

    /// Adds a step on the way to this page; give the Chinese words.
    #[must_use]
    pub fn under(mut self, label: &str, path: impl Into<String>) -> Self {
        let label = self.translator.t(label).into_owned();
        self.crumbs.push(Crumb {
            label,
            path: path.into(),
        });
        self
    }

    /// Marks the page as one that shows errors.
    #[must_use]
    pub fn with_errors(mut self, has_errors: bool) -> Self {
        self.has_errors = has_errors;
        self
    }

    /// The visitor's language.
    pub fn language(&self) -> Language {
        self.translator.language()
    }

    /// Whether the page is read in English, where names and legal texts stay Chinese and a note says so.
    pub fn is_english(&self) -> bool {
        self.language() == Language::English
    }

    /// The languages the header offers to switch to.
    pub fn other_languages(&self) -> Vec<Language> {
        Language::ALL
            .into_iter()
            .filter(|language| *language != self.language())
            .collect()
    }

    /// The Chinese sentence in the visitor's language.
    pub fn t<'a>(&'a self, key: &'a str) -> Cow<'a, str> {
        self.translator.t(key)
    }

    /// The same with `{name}` places filled.
    pub fn tf(&self, key: &str, values: &[(&str, &dyn FmtDisplay)]) -> String {
        self.translator.tf(key, values)
    }

    /// Name of the county.
    pub fn county_name(&self) -> &str {
        &self.site.county_name
    }

    /// The text of `<title>`.
    pub fn full_title(&self) -> String {
        let site = self.tf("{county}政务服务", &[("county", &self.site.county_name)]);
        let error = if self.has_errors {
            self.t("错误：")
        } else {
            Cow::Borrowed("")
        };
        if self.title.is_empty() {
            format!("{error}{site}")
        } else {
            format!("{error}{} · {site}", self.title)
        }
    }

    /// The address of a built asset: `asset("public.css")`.
    pub fn asset(&self, name: &str) -> String {
        assets::asset(name)
    }

    /// Whether this visitor works here.
    pub fn is_staff(&self) -> bool {
        self.visitor
            .as_ref()
            .is_some_and(|visitor| visitor.kind == VisitorKind::Staff)
    }

    /// Whether the search for cases above every staff page is of use to this visitor: whoever has no list of cases would be
    /// refused by it.
    pub fn may_search_cases(&self) -> bool {
        self.navigation
            .iter()
            .flat_map(|group| &group.entries)
            .any(|entry| entry.path == "/staff/cases")
    }

    /// Whether `path` is this page or the nearest navigation entry above it.
    pub fn is_current(&self, path: &str) -> bool {
        let here = self.path_only();
        let best = self
            .navigation
            .iter()
            .flat_map(|group| &group.entries)
            .map(|entry| entry.path.as_str())
            .filter(|candidate| is_at_or_under(here, candidate))
            .max_by_key(|candidate| candidate.len());
        match best {
            Some(best) => best == path,
            None => here == path,
        }
    }

    /// The path of this page without its query.
    pub fn path_only(&self) -> &str {
        self.current_path.split(['?', '#']).next().unwrap_or("/")
    }

    /// The link that sets a choice (`elder`, `text`, `contrast`, `theme`, `lang`) and leads back here.
    pub fn switch(&self, name: &str, value: &str) -> String {
        let back = if is_own_path(&self.current_path) {
            self.current_path.as_str()
        } else {
            "/"
        };
        // A `?lang=` in the address would win over the choice just made.
        let back = if name == "lang" && back.contains("lang=") {
            self.path_only()
        } else {
            back
        };
        format!("{DISPLAY_PATH}?{name}={value}&back={}", encode(back))
    }

    /// `on` or `off`: what the switch of a choice would set.
    pub fn toggled(&self, is_on: &bool) -> &'static str {
        if *is_on { "off" } else { "on" }
    }

    /// The address of the QR code of this page (without its query, which may name things).
    pub fn qr_path(&self) -> String {
        format!("{}?path={}", assets::QR_PATH, encode(self.path_only()))
    }
}

fn is_at_or_under(here: &str, path: &str) -> bool {
    here == path
        || (path != "/"
            && here
                .strip_prefix(path)
                .is_some_and(|rest| rest.starts_with('/')))
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::Arc;

    use super::{NavigationEntry, NavigationGroup, PageContext, Site};
    use crate::{
        display::Display,
        language::{Language, Texts, Translator},
    };

    pub(crate) fn page(language: Language) -> PageContext {
        let site = Site {
            county_name: "紫阳县".to_owned(),
            origin: "http://127.0.0.1:8080".to_owned(),
            telephone: "12345".to_owned(),
            operator: "紫阳县政务服务中心".to_owned(),
            records: Vec::new(),
        };
        let texts = Arc::new(Texts::new().unwrap());
        PageContext::new(
            Arc::new(site),
            Translator::new(language, texts),
            Display::default(),
            "/guides?q=a&lang=en",
        )
    }

    #[test]
    fn titles_name_errors_and_the_site() {
        assert_eq!(
            page(Language::SimplifiedChinese)
                .titled("办事指南")
                .full_title(),
            "办事指南 · 紫阳县政务服务"
        );
        let failed = page(Language::SimplifiedChinese)
            .titled("申请")
            .with_errors(true);
        assert_eq!(failed.full_title(), "错误：申请 · 紫阳县政务服务");
    }

    #[test]
    fn switches_lead_back() {
        let page = page(Language::SimplifiedChinese);
        assert_eq!(
            page.switch("elder", "on"),
            "/display?elder=on&back=/guides%3Fq%3Da%26lang%3Den"
        );
        assert_eq!(page.switch("lang", "en"), "/display?lang=en&back=/guides");
    }

    #[test]
    fn the_nearest_entry_is_current() {
        let entry = |path: &str| NavigationEntry {
            label: String::new(),
            path: path.to_owned(),
            icon: "home",
            count: None,
        };
        let mut page = page(Language::SimplifiedChinese);
        page.navigation = vec![NavigationGroup {
            label: String::new(),
            entries: vec![entry("/staff"), entry("/staff/cases")],
        }];
        page.current_path = "/staff/cases/17?tab=a".to_owned();
        assert!(page.is_current("/staff/cases"));
        assert!(!page.is_current("/staff"));
        page.current_path = "/staffroom".to_owned();
        assert!(!page.is_current("/staff"));
    }
}
