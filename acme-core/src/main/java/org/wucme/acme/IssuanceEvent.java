package org.wucme.acme;

import org.wucme.acme.challenge.Challenge;

/** What {@link Account#obtain} tells while it works; in the order in which it happens, from any thread. */
public sealed interface IssuanceEvent {

    /** An order stands. Keep its URL to resume after a crash: the next step comes only when the listener returned. */
    record OrderCreated(Order order) implements IssuanceEvent {}

    /** The answer to a challenge can be seen, and the CA was told so. */
    record ChallengeStarted(Identifier identifier, Challenge challenge) implements IssuanceEvent {}

    /** The CA accepts that the account controls an identifier. */
    record IdentifierValidated(Identifier identifier) implements IssuanceEvent {}

    /** The certificate request was sent. */
    record OrderFinalized(Order order) implements IssuanceEvent {}
}
