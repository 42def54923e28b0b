//! The states of an item and the ways between them: the whole table, at one glance.
//! Holds always: nothing reaches readers that was not approved; whoever saves an item, makes it a draft again.

use crate::catalogue::vocabulary::ItemStatus::{self, Approved, Archived, Draft, InReview, Published, Scheduled};

/// Where an item may go from each state when somebody asks for it. Saving an item leads to `draft` from everywhere; the clock
/// leads from `scheduled` to `published`, and from `published` to `archived`.
pub const WAYS: &[(ItemStatus, &[ItemStatus])] = &[
    (Draft, &[InReview, Archived]),
    (InReview, &[Draft, Approved, Archived]),
    (Approved, &[Draft, Scheduled, Published, Archived]),
    (Scheduled, &[Draft, Approved, Published, Archived]),
    (Published, &[Archived]),
    (Archived, &[Draft]),
];

/// The way from writing to approval, in order.
const TO_APPROVAL: [ItemStatus; 3] = [Draft, InReview, Approved];

/// The states that an item passes on its way, the last one included; nothing when there is no such way. Where one person may do
/// everything, they may also do it in one step, and each state on the way is still noted.
#[must_use]
pub fn path(from: ItemStatus, to: ItemStatus, two_person: bool) -> Option<Vec<ItemStatus>> {
    if ways_from(from).contains(&to) {
        return Some(vec![to]);
    }
    let place = TO_APPROVAL.iter().position(|status| *status == from)?;
    if two_person || ![Approved, Scheduled, Published].contains(&to) {
        return None;
    }
    let mut path = TO_APPROVAL.get(place + 1..)?.to_vec();
    if to != Approved {
        path.push(to);
    }
    Some(path)
}

/// Where an item may go from `from`.
#[must_use]
pub fn ways_from(from: ItemStatus) -> &'static [ItemStatus] {
    WAYS.iter().find(|(known, _)| *known == from).map_or(&[], |(_, ways)| ways)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_its_line() {
        let lines: Vec<_> = WAYS.iter().map(|(from, _)| *from).collect();
        assert_eq!(lines, ItemStatus::ALL);
    }

    #[test]
    fn with_two_persons_nothing_is_published_but_what_was_approved() {
        for from in ItemStatus::ALL.iter().copied().filter(|from| ![Approved, Scheduled].contains(from)) {
            assert_eq!(path(from, Published, true), None, "{from}");
            assert_eq!(path(from, Scheduled, true), None, "{from}");
        }
        assert_eq!(path(Draft, Approved, true), None);
        assert_eq!(path(InReview, Approved, true), Some(vec![Approved]));
    }

    #[test]
    fn one_person_passes_every_state_at_once() {
        assert_eq!(path(Draft, Published, false), Some(vec![InReview, Approved, Published]));
        assert_eq!(path(InReview, Scheduled, false), Some(vec![Approved, Scheduled]));
        assert_eq!(path(Draft, Approved, false), Some(vec![InReview, Approved]));
        assert_eq!(path(Archived, Published, false), None);
    }
}
