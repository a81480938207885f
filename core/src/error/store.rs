//! What is told of a store's failures: by code, whether trying again helps and a sentence for people. What each means for
//! whoever keeps the machine, and what to do, is in `core/docs/recovery.md`.

use super::{Retry, Voice};

/// A code of a store's failure.
pub(super) struct StoreCode {
    pub(super) code: &'static str,
    pub(super) retry: Retry,
    pt: &'static str,
    en: &'static str,
}

/// The code of a store's failure that is written like this, for whoever has it from another language: its sentence and its
/// advice are then the same. A word that is no such code is told as a failure of SQLite's own.
///
/// ```
/// assert_eq!(guiche_core::error::store_code("newer_schema"), "newer_schema");
/// assert_eq!(guiche_core::error::store_code("whatever"), "sqlite_failed");
/// ```
#[must_use]
pub fn store_code(word: &str) -> &'static str {
    STORE_CODES.iter().map(|told| told.code).find(|code| *code == word).unwrap_or("sqlite_failed")
}

const fn told(code: &'static str, retry: Retry, pt: &'static str, en: &'static str) -> StoreCode {
    StoreCode { code, retry, pt, en }
}

/// The codes that call for something to be done. Any other is told as `sqlite_failed`, the last.
pub(super) const STORE_CODES: &[StoreCode] = &[
    told(
        "newer_schema",
        Retry::AfterFix,
        "Este banco de dados é de uma versão mais nova. Atualize o programa; nada foi alterado.",
        "This database is of a newer version. Update the program; nothing was changed.",
    ),
    told(
        "foreign_database",
        Retry::AfterFix,
        "Este banco de dados é de outro programa. Aponte o arquivo certo; nada foi alterado.",
        "This database is another program's. Name the right file; nothing was changed.",
    ),
    told(
        "not_a_database",
        Retry::AfterFix,
        "Este arquivo não é um banco de dados, ou está cifrado e falta a chave. Aponte o arquivo certo ou informe a chave; nada foi \
         alterado.",
        "This file is no database, or it is encrypted and the key is missing. Name the right file or give the key; nothing was \
         changed.",
    ),
    told(
        "wrong_key",
        Retry::AfterFix,
        "A chave não abre este arquivo. Informe a chave certa; nada foi alterado.",
        "The key does not open this file. Give the right key; nothing was changed.",
    ),
    told(
        "encryption_not_built",
        Retry::AfterFix,
        "Este programa foi feito sem cifra, e uma chave foi informada. Use a versão com cifra; nada foi gravado.",
        "This program was built without encryption, and a key was given. Use the build that has it; nothing was written.",
    ),
    told(
        "not_encrypted",
        Retry::AfterFix,
        "Este arquivo não está cifrado, e só um cifrado troca de chave. Nada foi alterado.",
        "This file is not encrypted, and only an encrypted one changes its key. Nothing was changed.",
    ),
    told(
        "database_corrupt",
        Retry::AfterFix,
        "O arquivo do banco de dados está danificado. Pare o programa, guarde o arquivo e restaure uma cópia de segurança.",
        "The file of the database is damaged. Stop the program, keep the file, and restore a backup.",
    ),
    told(
        "unreadable_row",
        Retry::AfterFix,
        "Um registro não pôde ser lido. Verifique o banco de dados e avise o administrador.",
        "A row could not be read. Verify the database and tell the administrator.",
    ),
    told(
        "disk_full",
        Retry::Later,
        "O disco está cheio. Nada do que foi confirmado se perdeu; libere espaço e tente de novo.",
        "The disk is full. Nothing that was confirmed is lost; free some space and try again.",
    ),
    told(
        "database_read_only",
        Retry::AfterFix,
        "O banco de dados ou sua pasta não pode ser gravado. Dê permissão de escrita e tente de novo.",
        "The database or its folder may not be written to. Allow writing and try again.",
    ),
    told(
        "permission_denied",
        Retry::AfterFix,
        "O sistema não permite o acesso ao arquivo. Dê permissão e tente de novo.",
        "The system does not allow access to the file. Allow it and try again.",
    ),
    told(
        "cannot_open",
        Retry::AfterFix,
        "O arquivo não pôde ser aberto: a pasta não existe ou não pode ser gravada. Confira o caminho e a permissão.",
        "The file could not be opened: its folder is missing or may not be written to. Check the path and the permission.",
    ),
    told(
        "no_write_ahead_log",
        Retry::AfterFix,
        "O sistema de arquivos não serve para o banco de dados: é de rede? Use um disco local.",
        "The file system does not suit the database: is it a network's? Use a local disk.",
    ),
    told(
        "io_failed",
        Retry::Later,
        "O disco falhou ao gravar ou ler. Tente de novo; se persistir, verifique o disco e o banco de dados.",
        "The disk failed to write or read. Try again; if it goes on, check the disk and verify the database.",
    ),
    told(
        "backup_exists",
        Retry::AfterFix,
        "Já existe algo com esse nome ou ao lado dele. Escolha outro nome; nada foi alterado.",
        "There is something of that name or beside it already. Choose another name; nothing was changed.",
    ),
    told(
        "copy_cancelled",
        Retry::Later,
        "A cópia foi interrompida a pedido; nada ficou dela. Comece de novo quando quiser.",
        "The copy was stopped on request; nothing of it stays. Begin again when it suits.",
    ),
    told(
        "no_node_free",
        Retry::Later,
        "Todos os números de aparelho estão em uso. Tente de novo quando um vencer.",
        "All numbers of devices are in use. Try again when one is over.",
    ),
    told(
        "node_lease_lost",
        Retry::AfterFix,
        "O número deste aparelho passou a outro. Feche e abra de novo o programa.",
        "The number of this device went to another. Close the program and open it again.",
    ),
    told(
        "sqlite_failed",
        Retry::Later,
        "Não foi possível gravar ou ler os dados. Nada foi perdido; tente de novo e avise o administrador.",
        "The data could not be written or read. Nothing was lost; try again and tell the administrator.",
    ),
];

/// What is told of a code.
fn of(code: &str) -> Option<&'static StoreCode> {
    STORE_CODES.iter().find(|told| told.code == code).or(STORE_CODES.last())
}

pub(super) fn retry(code: &str) -> Retry {
    of(code).map_or(Retry::Later, |told| told.retry)
}

pub(super) fn sentence(v: Voice, code: &str) -> String {
    of(code).map(|told| v.say(told.pt, told.en)).unwrap_or_default()
}
