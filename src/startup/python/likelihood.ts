/** Probabilities of what cannot be decided, fitted on traced images: how often the branch is taken. */
export const likelihood = {
  /** Below it nothing is followed. */
  least: 0.12,
  undecidedIf: 0.6,
  /** In functions tests ask for options, which are mostly off. */
  undecidedInCall: 0.5,
  undecidedElse: 0.5,
  /** An `except` clause whose `try` finds all its imports. */
  handler: 0.05,
  /** `else` and `finally` together, of a `try` that fails. */
  elseAfterFailure: 0.1,
  case: 0.5,
  /** `if TYPE_CHECKING or …`: written for type checkers first. */
  typeChecking: 0.15,
  /** Per hop of a call: overriding, early returns, dispatch that the text does not show. */
  localCall: 0.98,
  importedCall: 0.96,
  method: 0.97,
  /** That a body gets past its early returns. */
  body: 0.98,
} as const;
