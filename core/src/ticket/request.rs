//! What a service ticket asks for, in the words of the ticket module (`PRODUCT` 3, *Atende*).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::bound::at_most;
use crate::error::{Error, Problem};
use crate::lifecycle::short_text;
use crate::tagged::Tagged;

/// How many members of a group a ticket may be for.
const MEMBERS: u32 = 200;

/// What a ticket asks for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketRequest {
    /// What it is about (*origem*).
    pub origin: TicketOrigin,
    /// Why it is opened (*motivo*), one line of at most 120 characters.
    pub reason: String,
    /// Its subject (*assunto*), one line of at most 200 characters.
    pub subject: String,
    /// Its category (*categoria*), at most 120 characters; left out, the module takes the reason's.
    #[serde(default)]
    pub category: Option<String>,
    /// How urgent it is (*prioridade*); left out, the module takes the reason's.
    #[serde(default)]
    pub priority: Option<TicketPriority>,
    /// What happened, at most 10,000 characters. Only what is written here goes: no note goes by itself.
    #[serde(default)]
    pub description: Option<String>,
}

/// What a ticket is about (*origem*). Source: Atende 1.1, as in `PRODUCT` 3.
#[derive(Clone, PartialEq, Eq, Serialize, Tagged)]
#[serde(tag = "origin", rename_all = "snake_case")]
pub enum TicketOrigin {
    /// A unit (*Unidade*) of a sale: its process, or development and unit.
    Unit {
        /// The code of the sale process.
        #[serde(default)]
        process: Option<String>,
        /// The development (*empreendimento*).
        #[serde(default)]
        development: Option<String>,
        /// The block.
        #[serde(default)]
        block: Option<String>,
        /// The unit.
        #[serde(default)]
        unit: Option<String>,
    },
    /// A common area (*Área Comum*).
    CommonArea {
        /// The development.
        development: String,
        /// The condominium.
        condominium: String,
    },
    /// One request for many (*Grupo*), 1 to 200.
    Group {
        /// Users, sectors or units, by the names that the module knows.
        members: Vec<String>,
    },
    /// Without a process (*Sem Referência*).
    NoReference {
        /// Who asks.
        name: String,
        /// Their CPF, as written.
        cpf: String,
    },
}

impl TicketOrigin {
    /// One stable word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            TicketOrigin::Unit { .. } => "unit",
            TicketOrigin::CommonArea { .. } => "common_area",
            TicketOrigin::Group { .. } => "group",
            TicketOrigin::NoReference { .. } => "no_reference",
        }
    }
}

/// How urgent a ticket is (*Baixa, Média, Alta, Crítica*).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketPriority {
    /// *Baixa*.
    Low,
    /// *Média*.
    Medium,
    /// *Alta*.
    High,
    /// *Crítica*.
    Critical,
}

impl fmt::Debug for TicketRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TicketRequest").field("origin", &self.origin).finish_non_exhaustive()
    }
}

impl fmt::Debug for TicketOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl TicketRequest {
    /// The request with what its origin demands, without blanks around.
    pub(super) fn checked(&self) -> Result<Self, Error> {
        Ok(Self {
            origin: self.origin.checked()?,
            reason: short_text("reason", &self.reason, 120)?,
            subject: short_text("subject", &self.subject, 200)?,
            category: optional("category", self.category.as_deref(), 120)?,
            priority: self.priority,
            description: optional("description", self.description.as_deref(), 10_000)?,
        })
    }
}

impl TicketOrigin {
    fn checked(&self) -> Result<Self, Error> {
        Ok(match self {
            TicketOrigin::Unit { process, development, block, unit } => {
                let process = optional("process", process.as_deref(), 120)?;
                let development = optional("development", development.as_deref(), 120)?;
                let block = optional("block", block.as_deref(), 120)?;
                let unit = optional("unit", unit.as_deref(), 120)?;
                if process.is_none() && development.is_none() {
                    return Err(Error::invalid("process", Problem::Blank));
                }
                if process.is_none() && unit.is_none() {
                    return Err(Error::invalid("unit", Problem::Blank));
                }
                TicketOrigin::Unit { process, development, block, unit }
            }
            TicketOrigin::CommonArea { development, condominium } => TicketOrigin::CommonArea {
                development: short_text("development", development, 120)?,
                condominium: short_text("condominium", condominium, 120)?,
            },
            TicketOrigin::Group { members } => {
                if members.is_empty() {
                    return Err(Error::invalid("members", Problem::Blank));
                }
                at_most("members", members.len(), MEMBERS)?;
                let members = members.iter().map(|member| short_text("members", member, 120));
                TicketOrigin::Group { members: members.collect::<Result<_, _>>()? }
            }
            TicketOrigin::NoReference { name, cpf } => TicketOrigin::NoReference {
                name: short_text("name", name, 120)?,
                cpf: a_cpf(&short_text("cpf", cpf, 20)?)?,
            },
        })
    }
}

/// Left out, or with something in it.
fn optional(field: &str, text: Option<&str>, limit: u32) -> Result<Option<String>, Error> {
    text.map(|text| short_text(field, text, limit)).transpose()
}

/// Eleven digits with their two check digits right. Source: Receita Federal, the modulo 11 rule of the CPF.
fn a_cpf(written: &str) -> Result<String, Error> {
    let digits: Vec<u32> = written.chars().filter_map(|c| c.to_digit(10)).collect();
    let only = written.chars().all(|c| c.is_ascii_digit() || ".- ".contains(c));
    let check = |count: usize| {
        let weights = (2..).take(count).collect::<Vec<u32>>();
        let sum: u32 = digits[..count].iter().zip(weights.iter().rev()).map(|(digit, weight)| digit * weight).sum();
        (sum * 10 % 11) % 10
    };
    let right = digits.len() == 11
        && only
        && digits.iter().any(|digit| *digit != digits[0])
        && check(9) == digits[9]
        && check(10) == digits[10];
    if right { Ok(written.to_owned()) } else { Err(Error::invalid("cpf", Problem::Malformed)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(origin: TicketOrigin) -> Result<TicketRequest, Error> {
        TicketRequest {
            origin,
            reason: " Infiltração ".to_owned(),
            subject: "Parede do quarto".to_owned(),
            category: None,
            priority: Some(TicketPriority::High),
            description: None,
        }
        .checked()
    }

    #[test]
    fn each_origin_demands_what_the_module_demands() {
        let unit = |process: Option<&str>, development: Option<&str>, unit: Option<&str>| TicketOrigin::Unit {
            process: process.map(ToOwned::to_owned),
            development: development.map(ToOwned::to_owned),
            block: None,
            unit: unit.map(ToOwned::to_owned),
        };
        assert_eq!(about(unit(Some("P-7"), None, None)).expect("a process will do").reason, "Infiltração");
        assert!(about(unit(None, Some("Aurora"), Some("101"))).is_ok());
        assert!(about(unit(None, Some("Aurora"), None)).is_err());
        assert!(about(unit(None, None, Some("101"))).is_err());
        let area = |condominium: &str| TicketOrigin::CommonArea {
            development: "Aurora".to_owned(),
            condominium: condominium.to_owned(),
        };
        assert!(about(area("Torre Norte")).is_ok());
        assert_eq!(about(area(" ")).expect_err("blank").code(), "blank");
        assert!(about(TicketOrigin::Group { members: Vec::new() }).is_err());
        assert!(about(TicketOrigin::Group { members: vec!["Portaria".to_owned()] }).is_ok());
    }

    #[test]
    fn without_reference_a_cpf_is_asked_for_and_checked() {
        let who = |cpf: &str| about(TicketOrigin::NoReference { name: "Maria".to_owned(), cpf: cpf.to_owned() });
        for good in ["529.982.247-25", "52998224725"] {
            assert!(who(good).is_ok(), "{good}");
        }
        for bad in ["529.982.247-24", "111.111.111-11", "5299822472", "529.982.247-2x", "52998224725/1"] {
            assert_eq!(who(bad).expect_err("no CPF").code(), "malformed", "{bad}");
        }
    }
}
