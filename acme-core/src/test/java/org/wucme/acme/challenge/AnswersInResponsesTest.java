package org.wucme.acme.challenge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.wucme.acme.pki.CertificateSigningRequest;

/** Challenges whose answer goes to the CA itself: device-attest-01 and onion-csr-01 (RFC 9799). */
class AnswersInResponsesTest {

    private static final String URL = "https://ca.example/chall/1";

    @Test
    void anAttestationGoesInBase64urlWithoutPadding() {
        assertThat(DeviceAttest01.response(new byte[] {(byte) 0xfb, (byte) 0xef, (byte) 0xff, 0}))
                .containsExactlyEntriesOf(Map.of("attObj", "--__AA"));
    }

    @Test
    void aDeviceAttestsTheDigestOfTheKeyAuthorization() {
        DeviceAttest01 challenge =
                new DeviceAttest01(URL, "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0", ChallengeStatus.PENDING, null);
        AccountIdentity account = new AccountIdentity(URL, "9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI");

        assertThat(challenge.keyAuthorization(account).digest())
                .asHexString()
                .isEqualToIgnoringCase("2cfb08c13a3ba3c0681b4faf8c2c8640605649520fc48fa2fd7df7e9e50e419a");
        assertThat(challenge.type()).isEqualTo("device-attest-01");
    }

    @Test
    void anOnionServiceSignsTheDecodedNonceAndSendsTheRequest() {
        OnionCsr01 challenge = new OnionCsr01(URL, "bm9uY2UtXy0", null, ChallengeStatus.PENDING, null);

        assertThat(new String(challenge.nonceOctets(), StandardCharsets.US_ASCII))
                .isEqualTo("nonce-_-");
        assertThat(OnionCsr01.response(CertificateSigningRequest.ofDer(new byte[] {48, 0, (byte) 0xff})))
                .containsExactlyEntriesOf(Map.of("csr", "MAD_"));
        assertThat(challenge.type()).isEqualTo("onion-csr-01");
    }
}
