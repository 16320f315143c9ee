package org.wucme.acme;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;

/** As {@link RetryTest}, over HTTP/2, where all requests share a connection and are cut together. */
class RetryOverHttp2Test extends AtTestCa {

    @ParameterizedTest
    @EnumSource(names = {"NEW_ORDER", "AUTHORIZATION", "CHALLENGE", "FINALIZE", "CERTIFICATE"})
    void survivesACutOfAll(Endpoint endpoint) throws IOException {
        ca.fault(endpoint, Fault.resetAfter());

        issueAndRevokeOnce(8);
    }

    @Test
    void survivesCutsAtEveryStepAndBadNonces() throws IOException {
        ca.badNonceRate(0.15, 7);
        for (Endpoint endpoint : ENDPOINTS) {
            ca.fault(endpoint, Fault.resetBefore()).fault(endpoint, Fault.resetAfter());
        }

        issueAndRevokeOnce(3);
    }
}
