//! Galleries and contacts' files: `gallery add|replace|list|send`, `file`.

use std::fs::File;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use guiche_core::desk::Desk;
use guiche_core::error::{Entity, Error};
use guiche_core::gallery::{
    AddGalleryItem, GalleryFilter, GalleryItem, GalleryKind, GalleryOutcome, GalleryPick, GalleryScope,
};
use guiche_core::id::GalleryItemId;
use guiche_core::media::MediaFile;

use super::{Answer, Counter, find};
use crate::failure::Failure;
use crate::looks::{short, size};
use crate::paint::{bold, dim, yellow};

/// Files that are used often: pictures, books, catalogues.
#[derive(Debug, Subcommand)]
pub(crate) enum GalleryCommand {
    Add(AddArgs),
    Replace(ReplaceFileArgs),
    List(ListArgs),
    Send(SendArgs),
}

/// Put a file into a gallery: for everybody, for a department, or for a development.
#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    /// The file.
    file: PathBuf,
    /// Its name in the gallery; the file's own when left out.
    #[arg(long)]
    name: Option<String>,
    /// Into the gallery of pictures instead of the gallery of files.
    #[arg(long)]
    images: bool,
    /// Into this folder, such as 'Torre B/Plantas'.
    #[arg(long, default_value = "")]
    folder: String,
    /// What it is.
    #[arg(long)]
    description: Option<String>,
    /// Words that go under it unless others are given.
    #[arg(long)]
    caption: Option<String>,
    /// Only for this department.
    #[arg(long, conflicts_with = "development")]
    department: Option<String>,
    /// Only for departments that serve this development (your own key of it).
    #[arg(long)]
    development: Option<String>,
}

/// Give an item another file. The next send delivers it; what was sent stays what it was.
#[derive(Debug, Args)]
pub(crate) struct ReplaceFileArgs {
    /// The item: its id, last digits, or name.
    item: String,
    /// The file.
    file: PathBuf,
}

/// What is in the galleries, for your eyes.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Words of name, description or folder.
    text: Option<String>,
    /// Only pictures.
    #[arg(long, conflicts_with = "files")]
    images: bool,
    /// Only the gallery of files.
    #[arg(long)]
    files: bool,
    /// Only in this folder and those within it.
    #[arg(long)]
    folder: Option<String>,
    /// What is out of use, instead.
    #[arg(long)]
    archived: bool,
    /// Where the page before ended.
    #[arg(long)]
    cursor: Option<String>,
    /// How many.
    #[arg(long, default_value_t = 50)]
    limit: u32,
}

/// Send items of the galleries, each as a message of its own, in this order.
#[derive(Debug, Args)]
pub(crate) struct SendArgs {
    /// Id, last digits, or the contact's phone number.
    attendance: String,
    /// The items: ids, last digits, or names.
    #[arg(required = true)]
    items: Vec<String>,
    /// Words under the first one, instead of its own.
    #[arg(long)]
    caption: Option<String>,
}

/// Where the file of a message lies, or why it is not here.
#[derive(Debug, Args)]
pub(crate) struct FileArgs {
    /// Id, last digits, or the contact's phone number.
    attendance: String,
    /// The message: its id or last digits.
    message: String,
    /// Ask the platform for it again; `guiche serve` fetches it.
    #[arg(long)]
    again: bool,
}

impl GalleryCommand {
    /// Carries it out.
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        match self {
            GalleryCommand::Add(args) => args.run(counter),
            GalleryCommand::Replace(args) => args.run(counter),
            GalleryCommand::List(args) => args.run(counter),
            GalleryCommand::Send(args) => args.run(counter),
        }
    }
}

impl AddArgs {
    fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let desk = counter.desk_or_host()?;
        let scope = match (&self.department, &self.development) {
            (Some(name), _) => GalleryScope::Department { department_id: find::department(&counter.setup, name)? },
            (None, Some(key)) => GalleryScope::Development { key: key.clone() },
            (None, None) => GalleryScope::Account,
        };
        let file = stored(counter, &self.file)?;
        let done = desk.add_gallery_item(&AddGalleryItem {
            gallery: if self.images { GalleryKind::Images } else { GalleryKind::Files },
            scope,
            folder: self.folder.clone(),
            name: self.name.clone().unwrap_or_else(|| file.filename.clone()),
            description: self.description.clone(),
            caption: self.caption.clone(),
            file,
        })?;
        Answer::new(&done, line(counter, &done.outcome))
    }
}

impl ReplaceFileArgs {
    fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let desk = counter.desk_or_host()?;
        let item = item(&desk, &self.item)?;
        let done = desk.replace_gallery_file(item, &stored(counter, &self.file)?, None)?;
        Answer::new(&done, line(counter, &done.outcome))
    }
}

impl ListArgs {
    fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let page = counter.desk_or_host()?.gallery_items(&GalleryFilter {
            gallery: match (self.images, self.files) {
                (true, _) => Some(GalleryKind::Images),
                (_, true) => Some(GalleryKind::Files),
                _ => None,
            },
            folder: self.folder.clone(),
            subfolders: true,
            text: self.text.clone(),
            archived: self.archived,
            cursor: self.cursor.clone(),
            limit: Some(self.limit),
            scope: None,
        })?;
        let mut text: String = page.items.iter().map(|item| line(counter, item)).collect();
        if page.items.is_empty() {
            text = format!("{}\n", counter.say("Nada na galeria.", "Nothing in the gallery."));
        }
        if let Some(next) = &page.next {
            text.push_str(&dim(&format!("--cursor {next}\n")));
        }
        Answer::new(&page, text)
    }
}

impl SendArgs {
    fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let desk = counter.desk()?;
        let attendance = find::attendance(&desk, &self.attendance)?;
        let mut picks = Vec::with_capacity(self.items.len());
        for (index, named) in self.items.iter().enumerate() {
            let caption = self.caption.clone().filter(|_| index == 0);
            picks.push(GalleryPick { item_id: item(&desk, named)?, caption });
        }
        let done = desk.send_gallery_items(attendance, &picks)?;
        let mut text = String::new();
        for outcome in &done.outcome.items {
            text.push_str(&match outcome {
                GalleryOutcome::Queued { message_id, .. } => {
                    counter.looks().bubble(&counter.desk()?.message(*message_id)?, "")
                }
                GalleryOutcome::Refused { item_id, code, refusal } => {
                    let why =
                        refusal.clone().map(|refusal| Error::from(refusal).explain(counter.globals.lang.locale()));
                    format!("{} {}  {}\n", yellow(code), short(item_id), why.unwrap_or_default())
                }
            });
        }
        Answer::new(&done, text)
    }
}

impl FileArgs {
    /// Says where it lies, or asks for it.
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let desk = counter.desk()?;
        let attendance = find::attendance(&desk, &self.attendance)?;
        let messages = desk.messages(attendance, None, 500)?;
        let id = find::message(&self.message, messages.iter().map(|shown| shown.message.id))?;
        if self.again {
            let done = desk.fetch_file(id)?;
            let text = format!("{}\n", done.outcome.explain(counter.globals.lang.locale()));
            return Answer::new(&done, text);
        }
        if let Some(state) = desk.message(id)?.file {
            return Answer::new(&state, format!("{}\n", state.explain(counter.globals.lang.locale())));
        }
        let local = desk.message_file(id)?;
        let place = local.path.clone().unwrap_or_else(|| local.file.sha256.clone());
        Answer::new(&local, format!("{place}\n"))
    }
}

/// Stores a file of this machine.
fn stored(counter: &Counter, path: &Path) -> Result<MediaFile, Failure> {
    let mut file = File::open(path).map_err(Failure::machine("file_unreadable"))?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(counter.engine.store_media(&mut file, &name)?)
}

/// An item by its whole id, its last digits, or its name. Only what the desk sees is found.
fn item(desk: &Desk, named: &str) -> Result<GalleryItemId, Failure> {
    let named = named.trim_start_matches('…');
    let mut filter = GalleryFilter { limit: Some(200), ..GalleryFilter::default() };
    let mut found = Vec::new();
    loop {
        let page = desk.gallery_items(&filter)?;
        let digits = named.bytes().all(|byte| byte.is_ascii_digit());
        let fits = |item: &GalleryItem| {
            find::same(&item.name, named) || (digits && !named.is_empty() && item.id.to_string().ends_with(named))
        };
        found.extend(page.items.iter().filter(|item| fits(item)).map(|item| item.id));
        match page.next {
            Some(next) => filter.cursor = Some(next),
            None => break,
        }
    }
    match found.as_slice() {
        [only] => Ok(*only),
        // What is not listed (it may be out of use) is named in full.
        [] => named.parse().map_err(|_| Error::not_found(Entity::GalleryItem, named).into()),
        several => {
            let ids = several.iter().map(short).collect::<Vec<_>>().join(", ");
            Err(Failure::usage(
                "ambiguous",
                format!("Mais de um item corresponde ({ids}). Escreva o id inteiro."),
                format!("More than one item fits ({ids}). Write the whole id."),
            ))
        }
    }
}

/// An item as a line.
fn line(counter: &Counter, item: &GalleryItem) -> String {
    let place = if item.folder.is_empty() { String::new() } else { format!("{}/", item.folder) };
    let whose = match &item.scope {
        GalleryScope::Account => String::new(),
        GalleryScope::Department { department_id } => {
            counter.setup.departments.get(department_id).map(|row| row.name.clone()).unwrap_or_default()
        }
        GalleryScope::Development { key } => key.clone(),
    };
    let file = item.current().map(|version| {
        let file = &version.file;
        format!("v{}  {}, {}", version.number, file.mime_type, size(file.size, counter.globals.lang))
    });
    format!(
        "…{}  {}{}  {}  {}\n",
        short(&item.id),
        dim(&place),
        bold(&item.name),
        dim(&file.unwrap_or_default()),
        whose
    )
}
