//! The shape of the house: which part may use which, how long files and functions grow, what stands at their head.
