//! The media folder: where the pictures stand that playbooks name.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::document::Document;
use super::picture::{Picture, Sort};

/// `[media]` of the config.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelf {
    pub dir: PathBuf,
    /// Where gateways fetch what stands in it, if they can.
    pub url: Option<String>,
    /// The largest file that is taken, in bytes.
    pub max: u64,
}

/// Why a picture cannot be sent.
#[derive(Debug, Error)]
pub enum Unfit {
    #[error("{} is not there", .0.display())]
    Missing(PathBuf),
    #[error("{} is outside the media folder", .0.display())]
    Outside(PathBuf),
    #[error("{} cannot be read ({why})", .file.display())]
    Unreadable { file: PathBuf, why: io::Error },
    #[error("{} is no file", .0.display())]
    NotAFile(PathBuf),
    #[error("{} has {} and {} is the most", .file.display(), size(*.bytes), size(*.most))]
    TooLarge { file: PathBuf, bytes: u64, most: u64 },
    #[error("{} is no PNG, JPEG, GIF or WebP picture", .0.display())]
    NoPicture(PathBuf),
}

impl Unfit {
    /// The same in Chinese, without an end.
    pub fn in_chinese(&self) -> String {
        match self {
            Unfit::Missing(file) => format!("{} 不存在", file.display()),
            Unfit::Outside(file) => format!("{} 在素材目录之外", file.display()),
            Unfit::Unreadable { file, why } => format!("{} 无法读取（{why}）", file.display()),
            Unfit::NotAFile(file) => format!("{} 不是文件", file.display()),
            Unfit::TooLarge { file, bytes, most } => {
                format!("{} 有 {}，最多 {}", file.display(), size(*bytes), size(*most))
            }
            Unfit::NoPicture(file) => format!("{} 不是 PNG、JPEG、GIF 或 WebP 图片", file.display()),
        }
    }
}

/// `10 MB`, `1.4 MB`, `12 KB`.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KB", bytes.div_ceil(1024)),
        _ => match bytes.saturating_mul(10).div_ceil(1 << 20) {
            tenths if tenths % 10 == 0 => format!("{} MB", tenths / 10),
            tenths => format!("{}.{} MB", tenths / 10, tenths % 10),
        },
    }
}

impl Shelf {
    /// The picture of that name, if it is fit to be sent where `most` bytes are the most.
    pub fn picture(&self, name: &str, most: u64) -> Result<Picture, Unfit> {
        let bytes = self.bytes(name, most)?;
        let sort = Sort::of(&bytes).ok_or_else(|| Unfit::NoPicture(self.dir.join(name)))?;
        Ok(Picture {
            name: name.to_owned(),
            sort,
            bytes,
        })
    }

    /// The file of that name, whatever it is.
    pub fn document(&self, name: &str, most: u64) -> Result<Document, Unfit> {
        let bytes = self.bytes(name, most)?;
        Ok(Document {
            name: name.to_owned(),
            bytes,
        })
    }

    fn bytes(&self, name: &str, most: u64) -> Result<Vec<u8>, Unfit> {
        let file = self.file(name)?;
        let unreadable = |why: io::Error| Unfit::Unreadable {
            file: self.dir.join(name),
            why,
        };
        let shown = || self.dir.join(name);
        let most = most.min(self.max);
        let open = File::open(&file).map_err(unreadable)?;
        let about = open.metadata().map_err(unreadable)?;
        if !about.is_file() {
            return Err(Unfit::NotAFile(shown()));
        }
        let too_large = |bytes: u64| Unfit::TooLarge {
            file: shown(),
            bytes,
            most,
        };
        if about.len() > most {
            return Err(too_large(about.len()));
        }
        let mut bytes = Vec::new();
        // It may grow while it is read.
        let mut reading = open.take(most.saturating_add(1));
        let read = reading.read_to_end(&mut bytes).map_err(unreadable)?;
        if read as u64 > most {
            return Err(too_large(read as u64));
        }
        Ok(bytes)
    }

    /// Where it really is: a link may not lead out of the folder.
    fn file(&self, name: &str) -> Result<PathBuf, Unfit> {
        let shown = self.dir.join(name);
        if !crate::chat::is_media_name(name) {
            return Err(Unfit::Outside(shown));
        }
        let real = |path: &Path| {
            path.canonicalize().map_err(|why| match why.kind() {
                io::ErrorKind::NotFound => Unfit::Missing(shown.clone()),
                _ => Unfit::Unreadable {
                    file: shown.clone(),
                    why,
                },
            })
        };
        let (file, dir) = (real(&shown)?, real(&self.dir)?);
        match file.starts_with(&dir) {
            true => Ok(file),
            false => Err(Unfit::Outside(shown)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Shelf, Unfit, size};

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n picture";

    fn shelf() -> (tempfile::TempDir, Shelf) {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("media");
        std::fs::create_dir_all(dir.join("2026")).unwrap();
        std::fs::write(home.path().join("secret.png"), PNG).unwrap();
        std::fs::write(dir.join("茶.png"), PNG).unwrap();
        std::fs::write(dir.join("2026/茶.jpg"), PNG).unwrap();
        std::fs::write(dir.join("note.png"), "words").unwrap();
        let url = None;
        (home, Shelf { dir, url, max: 100 })
    }

    #[test]
    fn a_picture_is_read_from_the_folder_and_from_nowhere_else() {
        let (home, shelf) = shelf();
        assert_eq!(shelf.picture("茶.png", 100).unwrap().bytes, PNG);
        assert_eq!(shelf.picture("2026/茶.jpg", 100).unwrap().called(), "茶.jpg");
        for name in [
            "../secret.png",
            "2026/../../secret.png",
            "/etc/passwd",
            "",
            ".",
            "a\\b.png",
        ] {
            assert!(matches!(shelf.picture(name, 100), Err(Unfit::Outside(_))), "{name}");
        }
        assert!(matches!(shelf.picture("none.png", 100), Err(Unfit::Missing(_))));
        assert!(matches!(shelf.picture("2026", 100), Err(Unfit::NotAFile(_))));
        assert!(matches!(shelf.picture("note.png", 100), Err(Unfit::NoPicture(_))));
        assert_eq!(shelf.document("note.png", 100).unwrap().bytes, b"words");
        assert!(matches!(shelf.document("../secret.png", 100), Err(Unfit::Outside(_))));
        assert!(matches!(
            shelf.picture("茶.png", 8),
            Err(Unfit::TooLarge { bytes: 16, most: 8, .. })
        ));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(home.path().join("secret.png"), shelf.dir.join("way.png")).unwrap();
            assert!(matches!(shelf.picture("way.png", 100), Err(Unfit::Outside(_))));
            std::os::unix::fs::symlink(shelf.dir.join("茶.png"), shelf.dir.join("tea.png")).unwrap();
            assert!(shelf.picture("tea.png", 100).is_ok());
        }
        drop(home);
    }

    #[test]
    fn sizes_are_said_shortly() {
        let said = [0, 1023, 1024, 1025, 1 << 20, 10 << 20, (10 << 20) + 1].map(size);
        assert_eq!(said, ["0 B", "1023 B", "1 KB", "2 KB", "1 MB", "10 MB", "10.1 MB"]);
    }
}
