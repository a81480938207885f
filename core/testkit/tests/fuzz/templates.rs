//! What is filled into templates.

use std::sync::Arc;

use guiche_core::channel::{Activity, ChannelKind};
use guiche_core::content::Content;
use guiche_core::id::{AttendanceId, TemplateId};
use guiche_core::memory::{MemoryMedia, MemoryStore};
use guiche_core::store::Row;
use guiche_core::template::{Template, TemplateDefinition, TemplateForm, TemplateParameters};
use guiche_testkit::sample;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::search::SYNTAX;
use crate::{check, engine};

fn template(body: &str, positional: bool) -> Template {
    use guiche_core::template::ParameterFormat;
    let known = sample::template(1);
    let form = TemplateForm { body: body.to_owned(), ..TemplateForm::default() };
    let format = if positional { ParameterFormat::Positional } else { ParameterFormat::Named };
    Template { definition: TemplateDefinition { form, format, ..known.definition }, ..known }
}

/// What somebody fills in is never read as a field again (C-11): the text is the form's, with each value in its place.
#[test]
fn what_is_filled_into_a_template_stands_in_its_place_as_it_is() {
    let values = prop_oneof![
        ".{0,40}",
        select(vec![
            "{{1}}",
            "{{2}}",
            "{{nome}}",
            "{{",
            "}}",
            "{{1",
            "$1",
            "\\1",
            "%s",
            "{0}",
            "a  b",
            "a     b",
            "\t",
            "\n",
            "\u{202E}x",
            ""
        ])
        .prop_map(str::to_owned),
        select(SYNTAX).prop_map(str::to_owned),
        (1_usize..3_000).prop_map(|length| "x".repeat(length)),
    ];
    check(800, (vec(values, 0..4), any::<bool>()), |(values, positional)| {
        let (fields, parameters) = if positional {
            (["{{1}}", "{{2}}"], TemplateParameters::positional(values.clone()))
        } else {
            let names = ["nome", "dia", "outro", "mais"];
            let named = names.into_iter().zip(values.clone());
            (["{{nome}}", "{{dia}}"], TemplateParameters::named(named))
        };
        let template = template(&format!("Olá, {}! Até {}.", fields[0], fields[1]), positional);
        match template.fill(&parameters) {
            Ok(rendered) => {
                prop_assert_eq!(values.len(), 2);
                prop_assert_eq!(&rendered.body, &format!("Olá, {}! Até {}.", values[0], values[1]));
            }
            Err(problems) => prop_assert!(!problems.is_empty()),
        }
        Ok(())
    });
}

#[test]
fn a_preview_is_what_is_sent_whatever_is_filled_in() {
    let template = template("Olá, {{1}}! Até {{2}}.", true);
    let mut pair = sample::pair(1);
    pair.record(&ChannelKind::WhatsApp.rules(), Activity::Message, sample::NOON);
    let rows = vec![Row::Template(template), Row::Attendance(sample::attendance(1, 1)), Row::Pair(pair)];
    let engine = engine(Arc::new(MemoryStore::new()), Arc::new(MemoryMedia::new()), rows);
    let desk = engine.back_office();
    let (attendance, id) = (AttendanceId::from_raw(1), TemplateId::from_raw(1));
    check(200, vec("[a-z{}12 áé$%\\\\]{0,12}", 2), |values| {
        let parameters = TemplateParameters::positional(values);
        let previewed = desk.preview_template(attendance, id, &parameters);
        match (previewed, desk.send_template(attendance, id, parameters)) {
            (Ok(previewed), Ok(sent)) => {
                let Content::Template(content) = sent.outcome.message.content else { panic!("a template") };
                prop_assert_eq!(previewed, content.rendered);
            }
            (Err(one), Err(other)) => prop_assert_eq!(one.code(), other.code()),
            (one, other) => prop_assert!(false, "{one:?} and {other:?}"),
        }
        Ok(())
    });
}
