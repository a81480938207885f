//! `GET /{waba_id}/message_templates` in pages.
//!
//! Source: Meta, templates/template-management: 25 a page unless told otherwise, `paging.next` is the
//! whole address of the next page, and its absence (not the absence of cursors) ends the list. Since
//! v24 a cursor that is not valid is answered with 131059.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use crate::graph_error::GraphError;
use crate::http::Head;
use crate::template::Template;
use crate::url::query_string;
use crate::world::World;

const PAGE: usize = 25;
const PAGE_MAX: usize = 1_000;

/// What an answer shows when the caller names no fields.
const DEFAULT_FIELDS: &str = "name,parameter_format,components,language,status,category,id";

/// One page of the templates of an account.
pub(crate) fn page(world: &World, waba_id: &str, head: &Head) -> Result<Value, GraphError> {
    let limit = match head.query("limit") {
        None => PAGE,
        Some(text) => text
            .parse::<usize>()
            .ok()
            .filter(|limit| *limit > 0)
            .ok_or_else(|| GraphError::parameter("Param limit must be a positive integer."))?,
    };
    let fitting: Vec<&Template> =
        world.templates.iter().filter(|one| one.waba_id == waba_id && fits(one, head)).collect();
    let start = match head.query("after").filter(|cursor| !cursor.is_empty()) {
        None => 0,
        // The cursor names the last template seen, so that the list may change between pages.
        Some(cursor) => fitting
            .iter()
            .position(|template| Some(&template.id) == read_cursor(cursor).as_ref())
            .map(|position| position + 1)
            .ok_or_else(|| GraphError::new(131059, "The cursor is invalid or has expired"))?,
    };
    let end = fitting.len().min(start + limit.min(PAGE_MAX));
    let shown = &fitting[start..end];
    let fields = head.query("fields").unwrap_or(DEFAULT_FIELDS);
    let mut answer = Map::new();
    let data: Vec<Value> = shown.iter().map(|one| select(&one.json(), fields)).collect();
    answer.insert("data".into(), data.into());
    if let (Some(first), Some(last)) = (shown.first(), shown.last()) {
        let mut paging = json!({ "cursors": { "before": cursor(&first.id), "after": cursor(&last.id) } });
        if end < fitting.len() {
            paging["next"] = next_page(&world.base_url, head, &cursor(&last.id)).into();
        }
        answer.insert("paging".into(), paging);
    }
    Ok(answer.into())
}

fn fits(template: &Template, head: &Head) -> bool {
    let is = |name: &str, value: &str| head.query(name).is_none_or(|wanted| wanted == value);
    is("name", &template.name)
        && is("status", template.status.as_str())
        && is("language", &template.language)
        && is("category", template.category.as_str())
        && is("quality_score", &template.quality)
}

/// The asked fields of an object; `id` always comes along. Sub-fields in braces are not narrowed.
pub(crate) fn select(object: &Map<String, Value>, fields: &str) -> Value {
    let mut depth = 0_usize;
    let mut wanted = vec![String::new()];
    for c in fields.chars() {
        match c {
            '{' | '(' => depth += 1,
            '}' | ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => wanted.push(String::new()),
            c if depth == 0 && !c.is_whitespace() => {
                if let Some(last) = wanted.last_mut() {
                    last.push(c);
                }
            }
            _ => {}
        }
    }
    let shown = object.iter().filter(|(name, _)| *name == "id" || wanted.contains(name));
    shown.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>().into()
}

fn cursor(template_id: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("template:{template_id}"))
}

fn read_cursor(cursor: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    Some(String::from_utf8(bytes).ok()?.strip_prefix("template:")?.to_owned())
}

fn next_page(base_url: &str, head: &Head, after: &str) -> String {
    let mut query: Vec<(String, String)> = head.query.iter().filter(|(name, _)| name != "after").cloned().collect();
    query.push(("after".to_owned(), after.to_owned()));
    format!("{base_url}{}?{}", head.path, query_string(&query))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_may_have_fields_of_their_own() {
        let object = json!({"id": "1", "name": "a", "status": "b", "quality_score": {"score": "c"}});
        let shown = select(object.as_object().unwrap(), "name, quality_score{score,date}");
        assert_eq!(shown, json!({"id": "1", "name": "a", "quality_score": {"score": "c"}}));
    }
}
