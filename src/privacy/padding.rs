//! Padding, so that a sealed length says little about the text in it (Padmé, from "Reducing Metadata Leakage", PETS 2019).
//! Holds always: a padded length is at most 12 % longer than the text and its marker byte, and only the leading bits of the
//! length stay visible.

/// Ends the text; zeroes follow (ISO/IEC 7816-4).
const MARKER: u8 = 0x80;

/// The length that Padmé gives to `length`: its lowest bits are rounded up, more of them the longer the text is.
pub(super) const fn padded_length(length: usize) -> usize {
    if length < 2 {
        return length;
    }
    let exponent = length.ilog2();
    // Bits needed to write the exponent: as many leading bits of the length stay exact.
    let exact = u32::BITS - exponent.leading_zeros();
    let mask = (1_usize << exponent.saturating_sub(exact)) - 1;
    length.saturating_add(mask) & !mask
}

/// The length of a text of `length` bytes with its marker and padding.
pub(super) const fn sealed_length(length: usize) -> usize {
    padded_length(length.saturating_add(1))
}

/// Ends the last `length` bytes of `buffer`, the text, with the marker and zeroes.
pub(super) fn pad(buffer: &mut Vec<u8>, length: usize) {
    let zeroes = sealed_length(length).saturating_sub(length).saturating_sub(1);
    buffer.push(MARKER);
    buffer.resize(buffer.len().saturating_add(zeroes), 0);
}

/// Takes marker and zeroes off again; false when there is no marker, which an authentic text always has.
pub(super) fn unpad(buffer: &mut Vec<u8>) -> bool {
    let Some(end) = buffer.iter().rposition(|byte| *byte != 0) else { return false };
    if buffer.get(end) != Some(&MARKER) {
        return false;
    }
    buffer.truncate(end);
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lengths_are_those_of_the_paper() {
        let known =
            [(0, 0), (1, 1), (8, 8), (9, 10), (17, 18), (100, 104), (1_000, 1_024), (1_025, 1_088), (262_144, 262_144)];
        for (length, padded) in known {
            assert_eq!(padded_length(length), padded, "{length}");
        }
    }

    #[test]
    fn every_length_up_to_a_whole_record_costs_at_most_twelve_percent() {
        for length in 1..=262_145_usize {
            let padded = padded_length(length);
            assert!(padded >= length && (padded - length) * 100 <= length * 12, "{length} became {padded}");
        }
    }

    #[test]
    fn few_lengths_are_left_to_see() {
        let visible: std::collections::BTreeSet<_> = (1..=262_144).map(sealed_length).collect();
        assert!(visible.len() < 250, "{}", visible.len());
    }

    proptest! {
        #[test]
        fn large_lengths_keep_the_bound_and_the_order(length in 1_usize..1 << 40) {
            let padded = padded_length(length);
            prop_assert!(padded >= length && (padded - length) * 100 <= length * 12);
            prop_assert!(padded_length(length + 1) >= padded);
            prop_assert_eq!(padded_length(padded), padded);
        }

        #[test]
        fn text_comes_back_whatever_it_ends_with(text in prop::collection::vec(prop_oneof![Just(0), Just(MARKER), any::<u8>()], 0..600)) {
            let mut buffer = text.clone();
            pad(&mut buffer, text.len());
            prop_assert_eq!(buffer.len(), sealed_length(text.len()));
            prop_assert!(unpad(&mut buffer));
            prop_assert_eq!(buffer, text);
        }
    }
}
