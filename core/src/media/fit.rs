//! Whether a platform takes a file, and what to do if not: rules over what the file's first bytes told.

use serde::{Deserialize, Serialize};

use super::MediaFile;
use super::name::type_by_name;
use crate::channel::{ChannelRules, MediaRule};
use crate::content::MediaKind;
use crate::error::Refusal;
use crate::tagged::Tagged;

/// Whether a channel takes a file as a kind (G-37). [`Fit::advice`] says it to a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Tagged)]
#[serde(tag = "fit", rename_all = "snake_case")]
pub enum Fit {
    /// It goes as it is.
    Ok {
        /// As what it was judged.
        kind: MediaKind,
        /// What was found.
        #[serde(flatten)]
        finding: Finding,
    },
    /// It goes once the plan is carried out; whoever carries it out may still find it impossible.
    NeedsConversion {
        /// As what it was judged.
        kind: MediaKind,
        /// Why it does not go as it is.
        reason: Misfit,
        /// What to make of it.
        plan: ConversionPlan,
        /// As what else it goes as it is.
        instead: Option<MediaKind>,
        /// What was found.
        #[serde(flatten)]
        finding: Finding,
    },
    /// It does not go, and no plan of ours helps.
    Impossible {
        /// As what it was judged.
        kind: MediaKind,
        /// Why.
        reason: Misfit,
        /// As what else it goes as it is.
        instead: Option<MediaKind>,
        /// What was found.
        #[serde(flatten)]
        finding: Finding,
    },
}

/// What was found out about a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What it is, by its content: a MIME type.
    pub found: String,
    /// Its size in bytes.
    pub actual: u64,
    /// The largest such file that the channel takes, in bytes; 0 when it takes none.
    pub limit: u64,
    /// The type that its name claims, where the content is another.
    pub name_says: Option<String>,
    /// What matters to the channel and could not be told. It is no reason to refuse: the platform decides.
    pub untold: Vec<Untold>,
}

/// Something that the first bytes of a file did not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Untold {
    /// The codec inside.
    Codec,
    /// Width and height.
    Sides,
}

/// Why a file does not go as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Tagged)]
#[serde(tag = "misfit", rename_all = "snake_case")]
pub enum Misfit {
    /// The channel takes no files of this kind.
    KindNotTaken,
    /// It does not take this type as this kind.
    TypeNotTaken {
        /// What it takes.
        accepted: Vec<String>,
    },
    /// It takes the type, but not with this inside.
    CodecNotTaken {
        /// What is inside.
        codec: String,
        /// What it takes.
        accepted: Vec<String>,
    },
    /// It is larger than the limit.
    TooLarge,
    /// Its sides are not what they must be.
    WrongSides {
        /// What both must be, in pixels.
        side: u32,
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
    },
    /// It would have to be converted, and has more pixels than are opened for that.
    TooManyPixels {
        /// How many are: [`LARGEST_PICTURE`].
        limit: u64,
        /// How many it has.
        actual: u64,
    },
}

/// What to make of a picture so that the channel takes it. It is data: `guiche-imaging` or the host carries it out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversionPlan {
    /// Into which format.
    pub format: PictureFormat,
    /// The longest side of the result in pixels, from which to go down until the bytes fit. Never upwards, unless
    /// `square`.
    pub longest_side: u32,
    /// The most bytes.
    pub target_bytes: u64,
    /// Whether the result is a square of exactly `longest_side`, the picture in its middle and nothing around it.
    #[serde(default)]
    pub square: bool,
    /// Whether the picture moves and only its first frame stays.
    #[serde(default)]
    pub still: bool,
}

/// A format that pictures are converted into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PictureFormat {
    /// JPEG: the smallest for photos; nothing can be seen through.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    Webp,
}

impl PictureFormat {
    /// Its MIME type.
    #[must_use]
    pub fn mime_type(self) -> &'static str {
        match self {
            PictureFormat::Jpeg => "image/jpeg",
            PictureFormat::Png => "image/png",
            PictureFormat::Webp => "image/webp",
        }
    }

    /// The ending of its files' names, without the dot.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            PictureFormat::Jpeg => "jpg",
            PictureFormat::Png => "png",
            PictureFormat::Webp => "webp",
        }
    }
}

/// Types of pictures that a plan may begin with. Whoever carries plans out must read all of them.
pub const CONVERTIBLE: [&str; 6] = ["image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp", "image/tiff"];

/// The longest side that a plan begins with, in pixels: as much as a phone shows of a photo when it is enlarged, and
/// enough to read a floor plan. Ours: the platform names no sides.
pub const LONGEST_SIDE: u32 = 4_096;

/// The largest picture that is opened to convert it, in pixels: above any phone's photos, and 256 MB when opened.
/// Ours, so that a small file that unfolds into a huge picture does no harm.
pub const LARGEST_PICTURE: u64 = 64_000_000;

impl MediaFile {
    /// As what it would ordinarily go: a picture as a picture if the platform takes its type as one, and
    /// everything else as a document.
    #[must_use]
    pub fn kind(&self, rules: &ChannelRules) -> MediaKind {
        let takes = |kind| rule(rules, kind).is_some_and(|rule| accepts(rule, &self.mime_type));
        [MediaKind::Image, MediaKind::Video, MediaKind::Audio]
            .into_iter()
            .find(|kind| takes(*kind) || (self.is_family(*kind) && !takes(MediaKind::Document)))
            .unwrap_or(MediaKind::Document)
    }

    /// The gate of sending: whether the platform takes it as `kind`, by type, codec and size.
    ///
    /// # Errors
    /// `content_not_supported` when it takes no such files; `media_type_not_accepted` with what is taken;
    /// `media_too_large` with limit and size.
    pub fn fits(&self, rules: &ChannelRules, kind: MediaKind) -> Result<(), Refusal> {
        let with = |codec: &str| format!("{}; codecs={codec}", self.mime_type);
        Err(match self.misfit(rules, kind) {
            // Which sides a sticker has is not documented to matter: advice, not a gate.
            None | Some(Misfit::WrongSides { .. } | Misfit::TooManyPixels { .. }) => return Ok(()),
            Some(Misfit::KindNotTaken) => Refusal::ContentNotSupported { kind: kind.word().to_owned() },
            Some(Misfit::TypeNotTaken { accepted }) => {
                Refusal::MediaTypeNotAccepted { kind, found: self.mime_type.clone(), accepted }
            }
            Some(Misfit::CodecNotTaken { codec, accepted }) => {
                let accepted = accepted.iter().map(|codec| with(codec)).collect();
                Refusal::MediaTypeNotAccepted { kind, found: with(&codec), accepted }
            }
            Some(Misfit::TooLarge) => {
                Refusal::MediaTooLarge { kind, limit: self.limit(rules, kind), actual: self.size }
            }
        })
    }

    /// Whether the platform takes it as `kind`, or as what it would ordinarily go, and what to do if not: before
    /// anything is uploaded.
    #[must_use]
    pub fn fit(&self, rules: &ChannelRules, kind: Option<MediaKind>) -> Fit {
        let kind = kind.unwrap_or_else(|| self.kind(rules));
        let finding = self.finding(rules, kind);
        let Some(reason) = self.misfit(rules, kind) else { return Fit::Ok { kind, finding } };
        let instead = self.instead(rules, kind);
        let Some(plan) = self.plan(rules, kind) else { return Fit::Impossible { kind, reason, instead, finding } };
        match self.pixels() {
            Some(actual) if actual > LARGEST_PICTURE => {
                let reason = Misfit::TooManyPixels { limit: LARGEST_PICTURE, actual };
                Fit::Impossible { kind, reason, instead, finding }
            }
            _ => Fit::NeedsConversion { kind, reason, plan, instead, finding },
        }
    }

    /// What stands against sending it as it is, the first of: kind, type, codec, size, sides.
    fn misfit(&self, rules: &ChannelRules, kind: MediaKind) -> Option<Misfit> {
        let Some(rule) = rule(rules, kind) else { return Some(Misfit::KindNotTaken) };
        if !accepts(rule, &self.mime_type) {
            return Some(Misfit::TypeNotTaken { accepted: rule.mime_types.clone() });
        }
        if let Some(codec) = self.codec.as_ref().filter(|codec| !rule.codecs.is_empty() && !rule.codecs.contains(codec))
        {
            return Some(Misfit::CodecNotTaken { codec: codec.clone(), accepted: rule.codecs.clone() });
        }
        if self.size > self.limit(rules, kind) {
            return Some(Misfit::TooLarge);
        }
        let (side, width, height) = (rule.side?, self.width?, self.height?);
        (width != side || height != side).then_some(Misfit::WrongSides { side, width, height })
    }

    fn limit(&self, rules: &ChannelRules, kind: MediaKind) -> u64 {
        rule(rules, kind).map_or(0, |rule| match rule.still_max_bytes {
            Some(still) if !self.animated => still,
            _ => rule.max_bytes,
        })
    }

    fn finding(&self, rules: &ChannelRules, kind: MediaKind) -> Finding {
        let name_says = type_by_name(&self.filename).filter(|named| *named != self.mime_type);
        let mut untold = Vec::new();
        if let Some(rule) = rule(rules, kind) {
            if !rule.codecs.is_empty() && self.codec.is_none() && leaves_codec_open(&self.mime_type) {
                untold.push(Untold::Codec);
            }
            if rule.side.is_some() && self.pixels().is_none() {
                untold.push(Untold::Sides);
            }
        }
        Finding {
            found: self.mime_type.clone(),
            actual: self.size,
            limit: self.limit(rules, kind),
            name_says: name_says.map(ToOwned::to_owned),
            untold,
        }
    }

    /// As what else it goes as it is: as its own family, else as a document.
    fn instead(&self, rules: &ChannelRules, kind: MediaKind) -> Option<MediaKind> {
        [MediaKind::Image, MediaKind::Video, MediaKind::Audio, MediaKind::Document].into_iter().find(|other| {
            *other != kind
                && (*other == MediaKind::Document || self.is_family(*other))
                && self.misfit(rules, *other).is_none()
        })
    }

    /// What would make a picture fit.
    fn plan(&self, rules: &ChannelRules, kind: MediaKind) -> Option<ConversionPlan> {
        let rule = rule(rules, kind).filter(|_| matches!(kind, MediaKind::Image | MediaKind::Sticker))?;
        if !CONVERTIBLE.contains(&self.mime_type.as_str()) {
            return None;
        }
        // JPEG first, as it is the smallest, unless something can be seen through.
        let formats = match self.transparent {
            false => [PictureFormat::Jpeg, PictureFormat::Png, PictureFormat::Webp],
            true => [PictureFormat::Png, PictureFormat::Webp, PictureFormat::Jpeg],
        };
        let format = formats.into_iter().find(|format| accepts(rule, format.mime_type()))?;
        let longest = self.width.max(self.height).unwrap_or(LONGEST_SIDE).min(LONGEST_SIDE);
        Some(ConversionPlan {
            format,
            longest_side: rule.side.unwrap_or(longest),
            // The result does not move.
            target_bytes: rule.still_max_bytes.unwrap_or(rule.max_bytes),
            square: rule.side.is_some(),
            still: self.animated,
        })
    }

    fn pixels(&self) -> Option<u64> {
        Some(u64::from(self.width?) * u64::from(self.height?))
    }

    fn is_family(&self, kind: MediaKind) -> bool {
        self.mime_type.split('/').next() == Some(kind.word())
    }
}

fn rule(rules: &ChannelRules, kind: MediaKind) -> Option<&MediaRule> {
    rules.media.iter().find(|rule| rule.kind == kind)
}

fn accepts(rule: &MediaRule, mime_type: &str) -> bool {
    rule.mime_types.is_empty() || rule.mime_types.iter().any(|taken| taken == mime_type)
}

/// Whether files of the type differ in what is inside.
fn leaves_codec_open(mime_type: &str) -> bool {
    matches!(mime_type, "video/mp4" | "video/3gpp" | "audio/mp4" | "audio/ogg")
}
