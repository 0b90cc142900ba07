//! placeholder until the calendar branch lands
use serde::{Deserialize, Serialize};
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Birthday;
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BirthdayPolicy;
#[derive(Debug, Clone)]
pub struct CronSchedule;
#[derive(Debug, Clone)]
pub struct MonthDay;
#[derive(Debug, Clone, Default)]
pub struct Workdays;
