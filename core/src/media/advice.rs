//! What to do about a file, as one sentence for a person.

use super::fit::{ConversionPlan, Finding, Fit, Misfit};
use crate::content::MediaKind;
use crate::error::{Locale, Voice};

impl Fit {
    /// One sentence for a person: what the file is and what to do now.
    #[must_use]
    pub fn advice(&self, locale: Locale) -> String {
        let v = Voice::of(locale);
        match self {
            Fit::Ok { kind, finding } => say(v, finding, &ready(v, *kind, finding)),
            Fit::NeedsConversion { kind, reason, plan, instead, finding } => {
                let todo = format!("{}{}", conversion(v, plan), or_instead(v, *instead));
                say(v, finding, &format!("{}: {todo}", trouble(v, *kind, reason, finding)))
            }
            Fit::Impossible { kind, reason, instead, finding } => {
                let todo = match instead {
                    Some(other) => send_as(v, *other),
                    None => by_hand(v, *kind, reason, finding),
                };
                say(v, finding, &format!("{}: {todo}", trouble(v, *kind, reason, finding)))
            }
        }
    }
}

/// The sentence, and before it that the name does not say what the file is.
fn say(v: Voice, finding: &Finding, sentence: &str) -> String {
    let Some(named) = &finding.name_says else {
        let mut letters = sentence.chars();
        let first = letters.next().map(char::to_uppercase).into_iter().flatten();
        return format!("{}{}.", first.collect::<String>(), letters.as_str());
    };
    let (named, found) = (type_word(v, named), type_word(v, &finding.found));
    v.say(
        format!("O nome do arquivo diz {named}, mas o conteúdo é {found}; {sentence}."),
        format!("The file's name says {named}, but its content is {found}; {sentence}."),
    )
}

fn ready(v: Voice, kind: MediaKind, finding: &Finding) -> String {
    let (kind, actual, limit) = (v.kind(kind), v.size(finding.actual), v.size(finding.limit));
    if finding.untold.is_empty() {
        return v.say(
            format!("pode enviar como {kind}: tem {actual}, e o limite é {limit}"),
            format!("it may be sent as {kind}: it has {actual}, and the limit is {limit}"),
        );
    }
    v.say(
        format!(
            "pode enviar como {kind}, com {actual} de um limite de {limit}, mas nem tudo pôde ser conferido: se a \
             plataforma recusar, converta o arquivo e envie de novo"
        ),
        format!(
            "it may be sent as {kind}, with {actual} of a limit of {limit}, but not all of it could be checked: if the \
             platform refuses it, convert the file and send it again"
        ),
    )
}

/// Why it does not go as it is.
fn trouble(v: Voice, kind: MediaKind, reason: &Misfit, finding: &Finding) -> String {
    let kind = v.kind(kind);
    match reason {
        Misfit::KindNotTaken => {
            v.say(format!("este canal não leva arquivos como {kind}"), format!("this channel takes no files as {kind}"))
        }
        Misfit::TypeNotTaken { .. } => {
            let found = type_word(v, &finding.found);
            v.say(
                format!("o canal não aceita {found} como {kind}"),
                format!("the channel does not take {found} as {kind}"),
            )
        }
        Misfit::CodecNotTaken { codec, .. } => {
            let codec = codec_word(v, codec);
            v.say(
                format!("como {kind}, o canal não aceita um arquivo com {codec}"),
                format!("as {kind} the channel does not take a file with {codec}"),
            )
        }
        Misfit::TooLarge => {
            let (actual, limit) = (v.size(finding.actual), v.size(finding.limit));
            v.say(
                format!("o arquivo tem {actual} e o limite como {kind} é {limit}"),
                format!("the file has {actual} and the limit as {kind} is {limit}"),
            )
        }
        Misfit::WrongSides { side, width, height } => v.say(
            format!("tem {width} × {height} pixels e, como {kind}, precisa de {side} × {side}"),
            format!("it has {width} × {height} pixels and needs {side} × {side} as {kind}"),
        ),
        Misfit::TooManyPixels { limit, actual } => {
            let (limit, actual) = (limit / 1_000_000, actual.div_ceil(1_000_000));
            v.say(
                format!("a imagem tem {actual} milhões de pixels e só até {limit} milhões são convertidos aqui"),
                format!("the picture has {actual} million pixels and only up to {limit} million are converted here"),
            )
        }
    }
}

fn conversion(v: Voice, plan: &ConversionPlan) -> String {
    let (format, side) = (type_word(v, plan.format.mime_type()), plan.longest_side);
    let bytes = v.size(plan.target_bytes);
    let still = if plan.still { v.say(", sem movimento", ", without its movement") } else { String::new() };
    if plan.square {
        return v.say(
            format!("converta para {format} de {side} × {side} pixels{still}, com até {bytes}"),
            format!("convert it to {format} of {side} × {side} pixels{still}, of at most {bytes}"),
        );
    }
    v.say(
        format!("converta para {format} de até {side} pixels no lado maior{still}, com até {bytes}"),
        format!("convert it to {format} of at most {side} pixels on its longest side{still}, of at most {bytes}"),
    )
}

fn send_as(v: Voice, kind: MediaKind) -> String {
    let kind = v.kind(kind);
    v.say(format!("envie-o como {kind}, que o canal aceita"), format!("send it as {kind}, which the channel takes"))
}

fn or_instead(v: Voice, instead: Option<MediaKind>) -> String {
    let Some(kind) = instead.map(|kind| v.kind(kind)) else { return String::new() };
    v.say(format!(", ou envie-o como está, como {kind}"), format!(", or send it as it is, as {kind}"))
}

/// What a person can do with other tools.
fn by_hand(v: Voice, kind: MediaKind, reason: &Misfit, finding: &Finding) -> String {
    match reason {
        Misfit::KindNotTaken => {
            v.say("escreva uma mensagem ou use outro canal", "write a message or use another channel")
        }
        Misfit::TypeNotTaken { accepted } => {
            let accepted = words(v, accepted.iter().map(|taken| type_word(v, taken)));
            v.say(
                format!("salve-o como {accepted} e escolha-o de novo"),
                format!("save it as {accepted} and choose it again"),
            )
        }
        Misfit::CodecNotTaken { accepted, .. } => {
            let accepted = words(v, accepted.iter().map(|taken| codec_word(v, taken)));
            v.say(
                format!("converta-o para {accepted} e escolha-o de novo"),
                format!("convert it to {accepted} and choose it again"),
            )
        }
        Misfit::TooLarge => {
            let limit = v.size(finding.limit);
            match kind {
                MediaKind::Video | MediaKind::Audio | MediaKind::Voice => v.say(
                    format!("corte-o ou reduza a qualidade até {limit} e escolha-o de novo"),
                    format!("cut it or lower its quality to {limit} and choose it again"),
                ),
                _ => v.say(
                    format!("reduza-o até {limit} ou divida-o, e escolha-o de novo"),
                    format!("make it no larger than {limit} or split it, and choose it again"),
                ),
            }
        }
        Misfit::WrongSides { .. } | Misfit::TooManyPixels { .. } => v.say(
            "reduza-a em um programa de imagens e escolha-a de novo",
            "make it smaller in a picture editor and choose it again",
        ),
    }
}

fn words(v: Voice, words: impl Iterator<Item = String>) -> String {
    let mut words: Vec<_> = words.collect();
    // Two types may go by one word.
    words.dedup();
    let Some(last) = words.pop() else { return v.say("outro formato", "another format") };
    if words.is_empty() {
        return last;
    }
    let before = words.join(", ");
    v.say(format!("{before} ou {last}"), format!("{before} or {last}"))
}

/// A type as people call it; the MIME type where they have no word for it.
fn type_word(v: Voice, mime_type: &str) -> String {
    let word = match mime_type {
        "image/jpeg" => "JPEG",
        "image/png" => "PNG",
        "image/webp" => "WebP",
        "image/gif" => "GIF",
        "image/bmp" => "BMP",
        "image/tiff" => "TIFF",
        "image/heif" => "HEIC",
        "image/avif" => "AVIF",
        "video/mp4" => "MP4",
        "video/3gpp" => "3GP",
        "video/quicktime" => "MOV (QuickTime)",
        "video/webm" => "WebM",
        "video/x-matroska" => "MKV",
        "video/x-msvideo" => "AVI",
        "audio/mpeg" => "MP3",
        "audio/mp4" => "M4A",
        "audio/aac" => "AAC",
        "audio/amr" => "AMR",
        "audio/ogg" => "OGG",
        "audio/x-wav" => "WAV",
        "audio/x-flac" => "FLAC",
        "application/pdf" => "PDF",
        "application/zip" => "ZIP",
        "application/msword" | "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => "Word",
        "application/vnd.ms-excel" | "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "Excel",
        "application/vnd.ms-powerpoint"
        | "application/vnd.openxmlformats-officedocument.presentationml.presentation" => "PowerPoint",
        "text/plain" => return v.say("texto", "text"),
        "application/octet-stream" => return v.say("de tipo desconhecido", "of an unknown type"),
        other => other,
    };
    word.to_owned()
}

fn codec_word(v: Voice, codec: &str) -> String {
    match codec {
        "h264" => "H.264".to_owned(),
        "h265" => "H.265".to_owned(),
        "opus" => "Opus".to_owned(),
        "vorbis" => "Vorbis".to_owned(),
        "png_8_bit" => v.say("8 bits por cor", "8 bits a colour"),
        "png_16_bit" => v.say("16 bits por cor", "16 bits a colour"),
        other => other.to_ascii_uppercase(),
    }
}
