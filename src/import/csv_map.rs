//! `--csv-map time=时间,sender=发送者,text=内容`: the columns of a table no reader knows.

/// Which column holds what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CsvMap {
    pub time: String,
    pub sender: String,
    pub text: String,
    pub sender_id: Option<String>,
    pub group: Option<String>,
    pub id: Option<String>,
    /// The sender under whose name the network's own lines stand.
    pub system: Option<String>,
}

impl CsvMap {
    /// Reads what the operator wrote. The error is the part that is wrong, or the name of the one that is missing.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut map = Self::default();
        for part in text.split(',') {
            let (key, column) = part.split_once('=').ok_or_else(|| part.to_owned())?;
            let column = column.trim().to_owned();
            match key.trim() {
                "time" => map.time = column,
                "sender" => map.sender = column,
                "text" => map.text = column,
                "id" => map.id = Some(column),
                "sender-id" => map.sender_id = Some(column),
                "group" => map.group = Some(column),
                "system" => map.system = Some(column),
                _ => return Err(part.to_owned()),
            }
        }
        let missing = [("time", &map.time), ("sender", &map.sender), ("text", &map.text)];
        match missing.iter().find(|(_, column)| column.is_empty()) {
            Some((name, _)) => Err((*name).to_owned()),
            None => Ok(map),
        }
    }

    /// The columns that must be there.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        [&self.time, &self.sender, &self.text]
            .into_iter()
            .chain([&self.sender_id, &self.group, &self.id].into_iter().flatten())
            .map(String::as_str)
    }
}
