//! The sandbox over real HTTP: what Meta refuses, what it delivers, and what can go wrong between.

// Helpers of tests may fail loudly, and take JSON literals by value so that tests read well.
#![allow(clippy::unwrap_used, clippy::needless_pass_by_value)]

mod desk;

mod account;
mod account_updates;
mod addressing;
mod control;
mod coverage;
mod definitions;
mod error_codes;
mod faults;
mod free_form_limits;
mod interactive_limits;
mod lifecycle;
mod media;
mod messages;
mod modules;
mod people;
mod published;
mod replies;
mod statuses;
mod template_limits;
mod template_listing;
mod templates;
mod webhooks;
mod windows;
