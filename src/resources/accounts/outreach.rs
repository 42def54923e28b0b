//! Opening and closing the safety filter by one's own act.
//! Holds always: it opens only with an explicit confirmation, names the state of the account that it changes, and is
//! logged among the security events for its owner to see.

use actix_web::{HttpRequest, HttpResponse, put, web};

use super::shapes::{Me, OutreachChoice, OutreachContent};
use crate::auth::{As, Caller};
use crate::http::body::Json;
use crate::http::problem::{Answer, Problem};
use crate::http::{conditional, query};
use crate::records::Records;

/// Open or close the safety filter
///
/// `shown` opens it whatever one's relationships say, and needs `confirm`; it closes by itself when a relationship comes to
/// say that there is harm, or no contact, and did not before. `hidden` closes it whatever they say, until `shown` opens it
/// again. The change counts from the next request on, and each is kept among the security events.
#[utoipa::path(
    put,
    path = "/v1/me/outreach",
    operation_id = "choose_outreach",
    tag = "accounts",
    params(("If-Match" = String, Header, description = "The ETag of the account that this changes.", max_length = 64, example = "\"3\"")),
    request_body(content = OutreachChoice, description = "What is wanted.",
        example = json!({"outreach_content": "shown", "confirm": true})),
    responses((status = 200, description = "The account as it is now.", body = Me)),
    security(("bearer" = [])),
)]
#[put("/v1/me/outreach")]
pub(super) async fn choose_outreach(
    records: web::Data<Records>,
    asked: As<Caller, (HttpRequest, Json<OutreachChoice>)>,
) -> Answer {
    let As { caller, input: (request, Json(choice)) } = asked;
    query::finish(&query::pairs(&request)?)?;
    let if_match = conditional::required(&request)?;
    let shown = choice.outreach_content == OutreachContent::Shown;
    if shown && !choice.confirm {
        let detail = "Opening the filter shows content that pushes towards contact: say `true` to confirm that.";
        return Err(Problem::invalid("/confirm", "confirmation_needed", detail));
    }
    let me = Me::from(records.choose_outreach(&caller, shown, if_match).await?);
    Ok(HttpResponse::Ok().insert_header((actix_web::http::header::ETAG, conditional::etag(me.version))).json(me))
}
