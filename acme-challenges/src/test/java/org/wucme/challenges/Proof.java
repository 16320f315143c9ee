package org.wucme.challenges;

import java.util.UUID;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.ChallengeStatus;
import org.wucme.acme.challenge.Dns01;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.KeyAuthorization;
import org.wucme.acme.challenge.TlsAlpn01;

/** A name, a token and who answers, as a CA and an account would come to them. */
public record Proof(Identifier identifier, String token, AccountIdentity account) {

    private static final String THUMBPRINT = "9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI";

    /** A proof with a token of its own. */
    public static Proof of(String nameOrAddress) {
        return withToken(nameOrAddress, UUID.randomUUID().toString());
    }

    public static Proof withToken(String nameOrAddress, String token) {
        return withThumbprint(nameOrAddress, token, THUMBPRINT);
    }

    public static Proof withThumbprint(String nameOrAddress, String token, String thumbprint) {
        return new Proof(
                Identifier.of(nameOrAddress), token, new AccountIdentity("https://ca.example/account/1", thumbprint));
    }

    public KeyAuthorization answer() {
        return http01().keyAuthorization(account);
    }

    public Http01 http01() {
        return new Http01("https://ca.example/challenge/1", token, ChallengeStatus.PENDING, null);
    }

    public TlsAlpn01 tlsAlpn01() {
        return new TlsAlpn01("https://ca.example/challenge/2", token, ChallengeStatus.PENDING, null);
    }

    public Dns01 dns01() {
        return new Dns01("https://ca.example/challenge/3", token, ChallengeStatus.PENDING, null);
    }
}
