//! What an application is for: one item, or the items of a bundle (一件事) that a situation needs, joined. The pages of an
//! application ask both the same way; only the submission tells them apart.

use std::sync::Arc;

use wuchuang_bundles::{
    joined::{Joined, bundle_of},
    model::content::Answered,
};
use wuchuang_catalogue::model::ItemVersion;
use wuchuang_kernel::ItemId;
use wuchuang_webkit::{
    Caller, Failure,
    display::encode,
    forms::{Answers, Form},
};

use crate::rooms::Rooms;

/// Where a draft keeps the answers about the situation.
pub(super) const SITUATION: &str = "situation";

/// An item, or several joined.
pub(super) struct Applied {
    /// The item, or what stands in its place.
    pub(super) item: Arc<ItemVersion>,
    /// Its form.
    pub(super) form: Arc<Form>,
    /// The items of a bundle.
    pub(super) joined: Option<Joined>,
    /// The situation for which they were chosen; nothing for one item.
    pub(super) situation: Vec<(String, String)>,
}

impl Applied {
    /// What the identifier in an address means today.
    ///
    /// # Errors
    /// 404 for neither an item nor a bundle, 422 for a situation in which nothing can be applied for.
    pub(super) async fn of(
        rooms: &Rooms,
        caller: &Caller,
        item: &str,
        situation: &Answered,
    ) -> Result<Self, Failure> {
        let id: ItemId = item.parse().map_err(|_| Failure::not_found())?;
        if let Some(item) = rooms.catalogue.published(id) {
            return Ok(Self {
                form: rooms.form(&item)?,
                item,
                joined: None,
                situation: Vec::new(),
            });
        }
        let bundle = rooms.bundles.find(caller.region, bundle_of(id)).await?;
        let bundle = bundle.ok_or_else(Failure::not_found)?;
        let situation = bundle.content.answers(situation);
        let joined = rooms.bundles.joined(&bundle, &situation)?;
        Ok(Self {
            item: Arc::clone(&joined.item),
            form: Arc::clone(&joined.form),
            joined: Some(joined),
            situation,
        })
    }

    /// Its guide.
    pub(super) fn guide_path(&self) -> String {
        let folder = if self.joined.is_some() {
            "bundles"
        } else {
            "guides"
        };
        format!("/{folder}/{}", self.item.id)
    }

    /// The names of the items of a bundle; none for one item.
    pub(super) fn part_names(&self) -> Vec<&str> {
        let members = self.joined.iter().flat_map(|joined| &joined.members);
        members
            .map(|member| member.item.content.name.as_str())
            .collect()
    }
}

/// The situation that a draft was begun for.
pub(super) fn situation_of(about: &Answers) -> Vec<(String, String)> {
    about
        .get(SITUATION)
        .and_then(|pairs| serde_json::from_value::<Vec<(String, String)>>(pairs.clone()).ok())
        .unwrap_or_default()
}

/// A situation as it stands in an address.
pub(super) fn query_of(situation: &Answered) -> String {
    let pairs: Vec<String> = situation
        .iter()
        .map(|(question, answer)| format!("{}={}", encode(question), encode(answer)))
        .collect();
    if pairs.is_empty() {
        String::new()
    } else {
        format!("?{}", pairs.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_situation_is_kept_in_the_draft_and_in_the_address() {
        let situation = vec![("line".to_owned(), "food".to_owned())];
        let mut about = Answers::new();
        about.insert(SITUATION.to_owned(), json!(situation));
        assert_eq!(situation_of(&about), situation);
        assert_eq!(query_of(&situation), "?line=food");
        about.insert(SITUATION.to_owned(), Value::String("?".to_owned()));
        assert!(situation_of(&about).is_empty());
        assert_eq!(query_of(&[]), "");
    }
}
