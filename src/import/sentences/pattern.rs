//! Patterns of sentences, as operators write them: words, and slots in braces. What stands in a slot may be quoted or not,
//! and may itself hold quotes or the very words of the pattern; so every way a sentence fits is weighed.

/// A slot of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slot {
    /// Who did it.
    By,
    /// Exactly one person.
    Who,
    /// One person or several.
    Names,
    /// Who was there already.
    Roster,
    /// A group's name.
    Title,
    /// Anything, of no interest.
    Any,
}

impl Slot {
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "by" => Slot::By,
            "who" => Slot::Who,
            "names" => Slot::Names,
            "roster" => Slot::Roster,
            "title" => Slot::Title,
            "any" => Slot::Any,
            _ => return None,
        })
    }
}

/// A part of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// Letters as [`shadow`] makes them.
    Words(Vec<char>),
    Slot(Slot),
}

/// One pattern without choices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    parts: Vec<Part>,
}

/// Ways a sentence fits that are looked at; a sentence made to have more is not looked at further.
const WAYS_MOST: usize = 256;

/// One way a sentence fits: what stands in the slots.
pub type Fit = Vec<(Slot, String)>;

/// Reads a pattern like `{by}邀请{names}加入(了|)群(聊|组)`; choices in parentheses give several.
pub fn read(text: &str) -> Result<Vec<Pattern>, String> {
    choices(text)?.iter().map(|text| plain(text)).collect()
}

fn choices(text: &str) -> Result<Vec<String>, String> {
    let Some((before, rest)) = text.split_once('(') else {
        return Ok(vec![text.to_owned()]);
    };
    let (inside, after) = rest
        .split_once(')')
        .ok_or_else(|| format!("`{text}` opens a parenthesis and never closes it"))?;
    let tails = choices(after)?;
    let words = inside.split('|');
    Ok(words
        .flat_map(|word| tails.iter().map(move |tail| format!("{before}{word}{tail}")))
        .collect())
}

fn plain(text: &str) -> Result<Pattern, String> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (word, after) = after
            .split_once('}')
            .ok_or_else(|| format!("`{text}` opens a brace and never closes it"))?;
        let slot = Slot::of(word).ok_or_else(|| {
            format!("`{{{word}}}` is no slot; slots are {{by}}, {{who}}, {{names}}, {{roster}}, {{title}}, {{any}}")
        })?;
        if !before.is_empty() {
            parts.push(Part::Words(shadow(before)));
        } else if matches!(parts.last(), Some(Part::Slot(_))) {
            return Err(format!("`{text}` has two slots and nothing between them"));
        }
        parts.push(Part::Slot(slot));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Words(shadow(rest)));
    }
    match parts.iter().any(|part| matches!(part, Part::Words(_))) {
        true => Ok(Pattern { parts }),
        false => Err(format!("`{text}` fits everything")),
    }
}

/// The letters sentences are compared by: lower case, simplified where the words of sentences are concerned, one letter
/// for one, so that places stay the same.
pub fn shadow(text: &str) -> Vec<char> {
    const TRADITIONAL: [(char, char); 48] = [
        ('請', '请'),
        ('組', '组'),
        ('員', '员'),
        ('還', '还'),
        ('過', '过'),
        ('掃', '扫'),
        ('碼', '码'),
        ('維', '维'),
        ('條', '条'),
        ('則', '条'),
        ('訊', '消'),
        ('與', '与'),
        ('參', '参'),
        ('將', '将'),
        ('動', '动'),
        ('為', '为'),
        ('群', '群'),
        ('稱', '称'),
        ('聊', '聊'),
        ('這', '这'),
        ('關', '关'),
        ('係', '系'),
        ('隱', '隐'),
        ('們', '们'),
        ('個', '个'),
        ('邊', '边'),
        ('發', '发'),
        ('銷', '销'),
        ('並', '并'),
        ('記', '记'),
        ('錄', '录'),
        ('誰', '谁'),
        ('裡', '里'),
        ('透', '通'),
        ('離', '离'),
        ('開', '开'),
        ('連', '连'),
        ('結', '结'),
        ('變', '变'),
        ('題', '题'),
        ('從', '从'),
        ('設', '设'),
        ('圖', '图'),
        ('創', '创'),
        ('後', '后'),
        ('雙', '双'),
        ('電', '电'),
        ('話', '话'),
    ];
    text.chars()
        .map(|letter| {
            let simple = TRADITIONAL.iter().find(|(from, _)| *from == letter);
            match simple {
                Some((_, to)) => *to,
                None if letter == '\u{a0}' => ' ',
                None => letter.to_ascii_lowercase(),
            }
        })
        .collect()
}

impl Pattern {
    /// So many letters are the network's own. Of two patterns a sentence fits alike, the one that says more is meant.
    pub fn letters(&self) -> usize {
        let of = |part: &Part| match part {
            Part::Words(words) => words.len(),
            Part::Slot(_) => 0,
        };
        self.parts.iter().map(of).sum()
    }

    /// Every way the sentence fits, at most a few hundred.
    pub fn fits(&self, sentence: &[char], shadow: &[char]) -> Vec<Fit> {
        let mut search = Search {
            parts: &self.parts,
            sentence,
            shadow,
            fits: Vec::new(),
            steps: 0,
        };
        search.from(0, 0, &mut Vec::new());
        search.fits
    }
}

struct Search<'a> {
    parts: &'a [Part],
    sentence: &'a [char],
    shadow: &'a [char],
    fits: Vec<Fit>,
    steps: usize,
}

impl Search<'_> {
    fn from(&mut self, part: usize, at: usize, so_far: &mut Fit) {
        self.steps += 1;
        if self.fits.len() >= WAYS_MOST || self.steps > WAYS_MOST * 16 {
            return;
        }
        match self.parts.get(part) {
            None if at == self.sentence.len() => self.fits.push(so_far.clone()),
            None => {}
            Some(Part::Words(words)) if self.shadow[at..].starts_with(words) => {
                self.from(part + 1, at + words.len(), so_far);
            }
            Some(Part::Words(_)) => {}
            Some(Part::Slot(slot)) => match self.parts.get(part + 1) {
                Some(Part::Words(words)) => {
                    let is_last = part + 2 == self.parts.len();
                    let last = self.shadow.len().checked_sub(words.len());
                    let ends = (at..=last.unwrap_or(0)).filter(|_| last.is_some());
                    for end in ends {
                        if (!is_last || end + words.len() == self.shadow.len()) && self.shadow[end..].starts_with(words)
                        {
                            so_far.push((*slot, self.sentence[at..end].iter().collect()));
                            self.from(part + 2, end + words.len(), so_far);
                            so_far.pop();
                        }
                    }
                }
                _ => {
                    so_far.push((*slot, self.sentence[at..].iter().collect()));
                    self.from(part + 1, self.sentence.len(), so_far);
                    so_far.pop();
                }
            },
        }
    }
}
