//! What tills ask over HTTP: `GET /api/v1/coupons/CODE` looks, `POST /api/v1/coupons/…` reserves, confirms, releases,
//! redeems and undoes. Each till has a token of its own, so the record says which one it was.
//!
//! Every `POST` carries an `Idempotency-Key`: brought again, nothing is done again and the answer is the same. The answer
//! comes once what it tells is durable. All coupons of a request are used, or none: 200 says that it was done, 409 says
//! of each coupon why it was not.

use std::sync::Arc;

use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use serde_json::{Value, json};
use subtle::ConstantTimeEq as _;

use super::complaint::Complaint;
use super::hooks::not_accepted;
use super::{Doors, body};
use crate::chat::{CouponCode, Event, Fen, Happening, Moment, TillAsk, TillName, TillOrder};
use crate::community::till::{Line, Told, Unusable};
use crate::inbox::{Letter, Reply};

/// How many coupons one request names at most.
const CODES_MAX: usize = 20;

/// The longest key, and the longest code, in bytes.
const KEY_MAX: usize = 64;

/// For how long coupons are kept at most, and where a request does not say.
const MINUTES_MAX: u16 = 120;
const MINUTES: u16 = 10;

/// A request's body. Which keys it has depends on what is asked.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Asked {
    codes: Vec<String>,
    bill: Option<String>,
    minutes: Option<u16>,
    reservation: Option<String>,
}

/// What may stand behind `?`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct On {
    bill: Option<String>,
}

/// What would happen if this coupon were used now.
pub async fn look(
    State(doors): State<Arc<Doors>>,
    Path(code): Path<String>,
    on: Result<Query<On>, axum::extract::rejection::QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Complaint> {
    till(&doors, &headers)?;
    let Query(on) = on.map_err(|error| wrong(error.body_text(), "write ?bill=68.00, or nothing"))?;
    let (code, bill) = (one_code(&code)?, on.bill.map(|bill| amount(&bill)).transpose()?);
    let reply = doors.intake.inbox.ask(Letter::Look { code, bill }).await;
    let Reply::Look(told) = reply.map_err(not_accepted)? else {
        return Err(forgotten());
    };
    let unknown = told.coupons.iter().any(|line| line.why == Some(Unusable::Unknown));
    let status = if unknown { StatusCode::NOT_FOUND } else { StatusCode::OK };
    let mut answer = shown(&told, &doors);
    if let Some(answer) = answer.as_object_mut() {
        let usable = answer.remove("done");
        answer.insert("usable".to_owned(), usable.unwrap_or(Value::Bool(false)));
    }
    Ok(json_of(status, &answer))
}

/// `reserve`, `redeem`, `confirm`, `release` and `undo`.
pub async fn order(
    State(doors): State<Arc<Doors>>,
    Path(deed): Path<String>,
    request: Request,
) -> Result<Response, Complaint> {
    let headers = request.headers();
    let name = till(&doors, headers)?;
    let key = key(headers)?;
    let body = body::read(request, &doors.limits).await?;
    let asked: Asked = serde_json::from_slice(&body)
        .map_err(|error| wrong(error.to_string(), "send JSON as docs/operations.md shows"))?;
    let order = TillOrder {
        till: name,
        key,
        ask: ask(&deed, asked)?,
    };
    let event = Event {
        id: order.event_id(),
        at: (doors.clock)(),
        happening: Happening::Till(order.clone()),
    };
    let reply = doors
        .intake
        .inbox
        .ask(Letter::Till(event))
        .await
        .map_err(not_accepted)?;
    let Reply::Till {
        answered: Some(answered),
        again,
    } = reply
    else {
        return Err(forgotten());
    };
    if answered.order != order {
        return Err(Complaint::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "this Idempotency-Key was used for another request",
            "give every new request a key of its own, and the same key only to the same request",
        ));
    }
    let status = if answered.told.done {
        StatusCode::OK
    } else {
        StatusCode::CONFLICT
    };
    let mut answer = shown(&answered.told, &doors);
    answer["answered_at"] = json!(time(answered.at, &doors));
    // Told the same as the first time; what has happened since is not in it.
    answer["again"] = json!(again);
    Ok(json_of(status, &answer))
}

fn ask(deed: &str, asked: Asked) -> Result<TillAsk, Complaint> {
    let Asked {
        codes,
        bill,
        minutes,
        reservation,
    } = asked;
    let takes_codes = matches!(deed, "reserve" | "redeem" | "undo");
    let unfit = [
        ("codes", takes_codes, !codes.is_empty()),
        (
            "reservation",
            matches!(deed, "confirm" | "release"),
            reservation.is_some(),
        ),
    ];
    if !takes_codes && !unfit[1].1 {
        return Err(Complaint::new(
            StatusCode::NOT_FOUND,
            "tills ask for nothing of this name",
            "there are reserve, confirm, release, redeem and undo",
        ));
    }
    for (name, wanted, there) in unfit {
        match (wanted, there) {
            (true, false) => return Err(wrong(format!("`{name}` is missing"), "add it")),
            (false, true) => return Err(wrong(format!("`{name}` means nothing to {deed}"), "remove it")),
            _ => {}
        }
    }
    if bill.is_some() && matches!(deed, "release" | "undo") {
        return Err(wrong(format!("`bill` means nothing to {deed}"), "remove it"));
    }
    if minutes.is_some() && deed != "reserve" {
        return Err(wrong(format!("`minutes` means nothing to {deed}"), "remove it"));
    }
    let bill = bill.map(|bill| amount(&bill)).transpose()?;
    let codes = several(&codes)?;
    let reservation = reservation.unwrap_or_default();
    Ok(match deed {
        "reserve" => TillAsk::Reserve {
            codes,
            bill,
            minutes: within(minutes.unwrap_or(MINUTES))?,
        },
        "redeem" => TillAsk::Redeem { codes, bill },
        "confirm" => TillAsk::Confirm { reservation, bill },
        "release" => TillAsk::Release { reservation },
        _ => TillAsk::Undo { codes },
    })
}

fn several(codes: &[String]) -> Result<Vec<CouponCode>, Complaint> {
    if codes.len() > CODES_MAX {
        return Err(wrong(
            format!("{} coupons are too many", codes.len()),
            "name 20 at most in one request",
        ));
    }
    let mut meant: Vec<CouponCode> = Vec::with_capacity(codes.len());
    for code in codes {
        let code = one_code(code)?;
        if meant.contains(&code) {
            return Err(wrong("a coupon is named twice", "name every coupon once"));
        }
        meant.push(code);
    }
    Ok(meant)
}

fn one_code(code: &str) -> Result<CouponCode, Complaint> {
    let fits = !code.is_empty() && code.len() <= KEY_MAX && !code.chars().any(char::is_control);
    match fits {
        true => Ok(CouponCode::new(code)),
        false => Err(wrong("this is no coupon's code", "send it as it is printed")),
    }
}

fn amount(bill: &str) -> Result<Fen, Complaint> {
    let read = bill.parse::<Fen>().map_err(|error| error.to_string());
    match read {
        Ok(bill) if bill >= Fen::ZERO => Ok(bill),
        Ok(_) => Err(wrong("a bill is not below nothing", "send it like \"68.00\"")),
        Err(why) => Err(wrong(why, "send it like \"68.00\"")),
    }
}

fn within(minutes: u16) -> Result<u16, Complaint> {
    match minutes {
        1..=MINUTES_MAX => Ok(minutes),
        _ => Err(wrong(
            format!("coupons are not kept for {minutes} minutes"),
            "keep them for 1 to 120",
        )),
    }
}

/// The till that asks, known by its token.
fn till(doors: &Doors, headers: &HeaderMap) -> Result<TillName, Complaint> {
    if doors.tills.is_empty() {
        return Err(Complaint::new(
            StatusCode::FORBIDDEN,
            "no till is known here",
            "add [till.NAME] with a token to config.toml",
        ));
    }
    let told = headers.get(header::AUTHORIZATION).map(|value| value.as_bytes());
    let Some(told) = told.and_then(|value| value.strip_prefix(b"Bearer ")) else {
        return Err(Complaint::new(
            StatusCode::UNAUTHORIZED,
            "a till's token is wanted here",
            "send the token of its [till.NAME] as Authorization: Bearer",
        ));
    };
    let known =
        |(_, token): &&(TillName, secrecy::SecretString)| bool::from(told.ct_eq(token.expose_secret().as_bytes()));
    let name = doors.tills.iter().find(known).map(|(name, _)| name.clone());
    name.ok_or_else(|| {
        Complaint::new(
            StatusCode::FORBIDDEN,
            "this is no till's token",
            "compare it with the [till.NAME] in config.toml",
        )
    })
}

fn key(headers: &HeaderMap) -> Result<String, Complaint> {
    let told = headers.get("idempotency-key").and_then(|value| value.to_str().ok());
    let fits = |key: &&str| !key.is_empty() && key.len() <= KEY_MAX && key.bytes().all(|it| it.is_ascii_graphic());
    told.filter(fits).map(str::to_owned).ok_or_else(|| {
        wrong(
            "the header Idempotency-Key is missing, or not 1 to 64 printable characters",
            "send a new one, like a UUID, with every new request, and the same one when you bring a request again",
        )
    })
}

fn wrong(error: impl Into<String>, next: &str) -> Complaint {
    Complaint::new(StatusCode::BAD_REQUEST, error, next)
}

fn forgotten() -> Complaint {
    Complaint::new(
        StatusCode::CONFLICT,
        "this was asked and answered more than a week ago",
        "look the coupon up with GET, and ask anew under another Idempotency-Key",
    )
}

fn json_of(status: StatusCode, answer: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], answer.to_string()).into_response()
}

fn time(at: Moment, doors: &Doors) -> String {
    at.in_zone(&doors.zone).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn shown(told: &Told, doors: &Doors) -> Value {
    let Told {
        done,
        coupons,
        off,
        bill,
        until,
        why,
        says,
    } = told;
    let mut answer = json!({
        "done": done,
        "coupons": coupons.iter().map(|line| shown_line(line, doors)).collect::<Vec<_>>(),
        "off": yuan(*off),
    });
    if let Some(bill) = bill {
        answer["bill"] = json!(yuan(*bill));
        answer["due"] = json!(yuan((*bill - *off).max(Fen::ZERO)));
    }
    if let Some(until) = until {
        answer["reserved_until"] = json!(time(*until, doors));
    }
    if let Some(why) = why {
        reason(&mut answer, (why, says), doors);
    }
    answer
}

fn shown_line(line: &Line, doors: &Doors) -> Value {
    let Line {
        code,
        title,
        owner,
        worth,
        expires_at,
        why,
        says,
    } = line;
    let mut shown = json!({ "code": code, "ok": why.is_none() });
    if let Some(expires_at) = expires_at {
        shown["title"] = json!(title);
        shown["owner"] = json!(owner);
        shown["worth"] = json!(yuan(*worth));
        shown["expires_at"] = json!(time(*expires_at, doors));
    }
    if let Some(why) = why {
        reason(&mut shown, (why, says), doors);
    }
    shown
}

/// `"why": "was_used", "at": …, "by": …`, and the same in the language of the house.
fn reason(shown: &mut Value, (why, says): (&Unusable, &str), doors: &Doors) {
    shown["says"] = json!(says);
    let (word, at) = match why {
        Unusable::Unknown => ("unknown", None),
        Unusable::WasUsed { at, .. } => ("was_used", Some(at)),
        Unusable::WasTaken { at } => ("was_taken", Some(at)),
        Unusable::Ended { at } => ("ended", Some(at)),
        Unusable::NotYet { at } => ("not_yet", Some(at)),
        Unusable::Held { at, .. } => ("held", Some(at)),
        Unusable::Alone => ("alone", None),
        Unusable::Below { .. } => ("below", None),
        Unusable::NoBill { .. } => ("no_bill", None),
        Unusable::NotToday { at } => ("not_today", Some(at)),
        Unusable::NotUsed => ("not_used", None),
        Unusable::NoReservation => ("no_reservation", None),
        Unusable::ReservationEnded { at } => ("reservation_ended", Some(at)),
    };
    shown["why"] = json!(word);
    if let Some(at) = at {
        shown["at"] = json!(time(*at, doors));
    }
    match why {
        Unusable::WasUsed { by, .. } | Unusable::Held { by, .. } => shown["by"] = json!(by),
        Unusable::Below { least } | Unusable::NoBill { least } => shown["least"] = json!(yuan(*least)),
        _ => {}
    }
}

/// With two decimals, as tills count.
fn yuan(amount: Fen) -> String {
    format!("{}.{:02}", amount.0 / 100, (amount.0 % 100).abs())
}
