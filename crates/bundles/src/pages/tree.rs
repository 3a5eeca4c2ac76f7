//! The two trees: 人生几件事、企业几件事, and the scenarios. The drawing is the navigation, each leaf a link; under it stands
//! the same as a list with what each is about and its QR code, which is what phones show.

use std::sync::Arc;

use askama::Template;
use axum::{extract::State, response::Html};
use wuchuang_kernel::Region;
use wuchuang_ledger::StorageError;
use wuchuang_webkit::{Caller, Failure, assets, display::encode, page::PageContext};

use super::html;
use crate::{
    model::{BundleVersion, Tree},
    rooms::BundleRooms,
    service::Bundles,
};

/// Width of the drawing, in its own units.
const WIDTH: u32 = 720;
/// Where the trunk stands.
const TRUNK_X: u32 = WIDTH / 2;
/// Size of a leaf.
const LEAF: (u32, u32) = (250, 52);
/// How far a pair of leaves stands above the next.
const ROW: u32 = 74;
/// Room above the first leaf and under the last.
const TOP: u32 = 24;
const ROOT: u32 = 96;

/// One leaf: a bundle in a tree.
pub struct TreeLeaf {
    /// The bundle's name.
    pub name: String,
    /// What it is good for; may be empty.
    pub summary: String,
    /// Its guide.
    pub path: String,
    /// The picture of its QR code.
    pub qr_path: String,
    /// How many items it joins.
    pub members: usize,
}

/// A leaf in the drawing: corner, middle of the text, and the branch that it hangs on.
struct Drawn<'a> {
    leaf: &'a TreeLeaf,
    /// The name as far as the leaf holds it.
    text: String,
    x: u32,
    y: u32,
    text_x: u32,
    text_y: u32,
    branch: String,
}

struct TreeView {
    tree: Tree,
    title: String,
    leaves: Vec<TreeLeaf>,
    height: u32,
}

impl TreeView {
    fn drawn(&self) -> Vec<Drawn<'_>> {
        let (width, height) = LEAF;
        (0u32..)
            .zip(&self.leaves)
            .map(|(index, leaf)| {
                let is_left = index % 2 == 0;
                let x = if is_left { 20 } else { WIDTH - 20 - width };
                // The two leaves of a pair stand a little apart, as on a twig.
                let y = TOP + (index / 2) * ROW + if is_left { 0 } else { ROW / 2 };
                let (middle, edge) = (y + height / 2, if is_left { x + width } else { x });
                Drawn {
                    x,
                    y,
                    text_x: x + width / 2,
                    text_y: middle,
                    branch: format!(
                        "M{TRUNK_X} {} Q{TRUNK_X} {middle} {edge} {middle}",
                        middle + ROW / 2
                    ),
                    text: shortened(&leaf.name),
                    leaf,
                }
            })
            .collect()
    }

    fn root_y(&self) -> u32 {
        self.height - ROOT / 2
    }
}

/// How many characters a leaf holds.
const LEAF_CHARACTERS_MAX: usize = 11;

/// A name as far as a leaf holds it; the list under the drawing has all of it.
fn shortened(name: &str) -> String {
    if name.chars().count() <= LEAF_CHARACTERS_MAX {
        return name.to_owned();
    }
    let kept: String = name.chars().take(LEAF_CHARACTERS_MAX - 1).collect();
    format!("{kept}…")
}

fn height(leaves: usize) -> u32 {
    let pairs = u32::try_from(leaves.div_ceil(2)).unwrap_or(0);
    TOP + pairs * ROW + ROW / 2 + ROOT
}

fn leaf(version: &Arc<BundleVersion>) -> TreeLeaf {
    let path = format!("/bundles/{}", version.id);
    TreeLeaf {
        name: version.content.name.clone(),
        summary: version.content.summary.clone(),
        qr_path: format!("{}?path={}", assets::QR_PATH, encode(&path)),
        path,
        members: version.content.members.len(),
    }
}

/// The leaves of every tree that has some, in the order of the trees.
///
/// # Errors
/// Whatever storage reports.
pub async fn leaves(
    bundles: &Bundles,
    region: Region,
) -> Result<Vec<(Tree, Vec<TreeLeaf>)>, StorageError> {
    let all = bundles.published(region).await?;
    let trees = Tree::ALL.into_iter().map(|tree| {
        let own = all.iter().filter(|version| version.content.tree == tree);
        (tree, own.map(leaf).collect::<Vec<_>>())
    });
    Ok(trees.filter(|(_, leaves)| !leaves.is_empty()).collect())
}

#[derive(Template)]
#[template(path = "bundles/trees.html")]
struct TreesPage<'a> {
    page: &'a PageContext,
    trees: Vec<TreeView>,
}

pub(super) async fn page(
    State(rooms): State<BundleRooms>,
    caller: Caller,
) -> Result<Html<String>, Failure> {
    let mut page = caller.page.clone().titled("一件事").under("首页", "/");
    page.may_be_indexed = true;
    let trees = leaves(&rooms, caller.region).await?;
    html(&TreesPage {
        trees: trees
            .into_iter()
            .map(|(tree, leaves)| TreeView {
                title: page.tf(
                    "{trunk} {count} 件事",
                    &[("trunk", &page.t(tree.trunk())), ("count", &leaves.len())],
                ),
                height: height(leaves.len()),
                tree,
                leaves,
            })
            .collect(),
        page: &page,
    })
}
