//! The visitor behind a session or a token: the person with the post in which they act now.

use wuchuang_kernel::{PersonId, PostId, Region, SessionId};
use wuchuang_ledger::{LoadError, StorageError};
use wuchuang_webkit::{Citizen, Staff, Visitor};

use super::Directory;
use crate::session::Holder;

impl Directory {
    /// The visitor of a session; anonymous when the account was blocked or has no post.
    pub(crate) async fn visitor(
        &self,
        region: Region,
        holder: Holder,
        session: SessionId,
    ) -> Result<Visitor, StorageError> {
        match holder {
            Holder::Staff(person, post) => {
                let staff = self.staff_in_post(region, person, post, session).await?;
                Ok(staff.map_or(Visitor::Anonymous, Visitor::Staff))
            }
            Holder::Citizen(person) => {
                let citizen = match self.citizen(region, person).await {
                    Ok(citizen) => citizen,
                    Err(LoadError::Storage(error)) => return Err(error),
                    Err(error) => {
                        tracing::error!(%error, "a citizen's record cannot be read");
                        None
                    }
                };
                Ok(citizen.map_or(Visitor::Anonymous, |entry| {
                    Visitor::Citizen(Citizen {
                        person: entry.person,
                        session,
                        name: entry.name,
                        phone: entry.phone,
                    })
                }))
            }
        }
    }

    /// A member of staff in a post: the given one while it is held, else the first that is held.
    /// `None` when the account is blocked or holds no post.
    pub(crate) async fn staff_in_post(
        &self,
        region: Region,
        person: PersonId,
        post: Option<PostId>,
        session: SessionId,
    ) -> Result<Option<Staff>, StorageError> {
        let Some(entry) = self
            .staff(region, person)
            .await?
            .filter(|entry| entry.is_active)
        else {
            return Ok(None);
        };
        let mut posts = self.posts_of(region, person).await?;
        let chosen = posts
            .iter()
            .position(|held| Some(held.id) == post)
            .unwrap_or(0);
        if posts.is_empty() {
            return Ok(None);
        }
        let post = posts.swap_remove(chosen);
        let organisation_name = self.organisation_name(region, post.organisation).await?;
        Ok(Some(Staff {
            person,
            session,
            name: entry.name,
            post: post.id,
            post_title: post.title,
            organisation: post.organisation,
            organisation_name: organisation_name.to_string(),
            reach: post.reach,
            roles: post.roles,
        }))
    }
}
