//! One spelling for all files that say the same: expanded names, sorted attributes, no space between elements. Two
//! files are equal exactly when their canonical forms are; comments and prefixes do not count.

use crate::limits::XML;
use std::borrow::Cow;
use std::fmt::Write as _;

use roxmltree::{Attribute, Node};

use super::names::SCHEMA_INSTANCE;

/// The canonical form of a text that was read before. Its depth is bounded, and the walk keeps its own place.
pub(crate) fn canonical(text: &str) -> String {
    let mut form = String::new();
    // It was parsed before; if it could not be, nothing equals it.
    let Ok(document) = wuchuang_xml::document(text, &XML) else {
        return form;
    };
    let root = document.root_element();
    let mut here = root;
    loop {
        open(&mut form, here);
        if let Some(child) = here.first_child() {
            here = child;
            continue;
        }
        loop {
            close(&mut form, here);
            if here == root {
                return form;
            }
            if let Some(next) = here.next_sibling() {
                here = next;
                break;
            }
            match here.parent() {
                Some(parent) => here = parent,
                None => return form,
            }
        }
    }
}

fn open(form: &mut String, node: Node<'_, '_>) {
    if node.is_element() {
        let name = node.tag_name();
        let _ = write!(
            form,
            "({{{}}}{}",
            name.namespace().unwrap_or(""),
            name.name()
        );
        let mut attributes: Vec<_> = node
            .attributes()
            .map(|attribute| {
                (
                    attribute.namespace().unwrap_or(""),
                    attribute.name(),
                    value(node, &attribute),
                )
            })
            .collect();
        attributes.sort_unstable();
        for (namespace, name, value) in attributes {
            let _ = write!(form, " {{{namespace}}}{name}={value:?}");
        }
    } else if let Some(text) = node.text().filter(|_| node.is_text()) {
        // Space between elements is layout; space beside text belongs to it.
        if !text.trim().is_empty() {
            let _ = write!(form, " {:?}", text.trim());
        }
    }
}

/// A type is a qualified name: its prefix is only layout too.
fn value<'a>(node: Node<'a, '_>, attribute: &Attribute<'a, '_>) -> Cow<'a, str> {
    let value = attribute.value();
    let qualified = attribute.namespace() == Some(SCHEMA_INSTANCE) && attribute.name() == "type";
    if qualified {
        let (prefix, local) = match value.split_once(':') {
            Some((prefix, local)) => (Some(prefix), local),
            None => (None, value),
        };
        if let Some(namespace) = node.lookup_namespace_uri(prefix) {
            return Cow::Owned(format!("{{{namespace}}}{local}"));
        }
    }
    Cow::Borrowed(value)
}

fn close(form: &mut String, node: Node<'_, '_>) {
    if node.is_element() {
        form.push(')');
        form.push('\n');
    }
}
