package org.wucme.acme;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;

/** What a CA can get into on the way to a certificate: the rows of the second table of FAULTS.md by their names. */
final class Situations {

    // More looks than fit into the ten minutes that an issuance has, so that they are left for one more.
    private static final int LONGER_THAN_THE_DEADLINE = 150;
    private static final int ALWAYS = 10_000;

    private final Map<String, Situation> byName = new LinkedHashMap<>();

    /** Brings a CA and a client into the situation. */
    interface Situation {
        void apply(FaultScene scene);
    }

    Situations() {
        orders();
        authorizations();
        challenges();
        accounts();
        clocks();
        nonces();
    }

    Map<String, Situation> byName() {
        return byName;
    }

    private void put(String name, Situation situation) {
        byName.put(name, situation);
    }

    private static Fault event(Runnable event) {
        return Fault.delay(Duration.ZERO).meanwhile(event);
    }

    private static Fault orderStatus(String status) {
        return Fault.json(order -> order.put("status", status));
    }

    private void orders() {
        put("nothing goes wrong", scene -> {});
        put("order ready at once", scene -> scene.ca.ordersReadyAtOnce(true));
        put("order valid in the reply to finalize", scene -> scene.ca.finalizeAtOnce(true));
        put("order pending for long", scene -> scene.ca.pollsUntilReady(30));
        put("order pending for longer than the deadline", scene -> scene.ca.pollsUntilReady(LONGER_THAN_THE_DEADLINE));
        put("order processing for long", scene -> scene.ca.pollsUntilValid(30));
        put(
                "order processing for longer than the deadline",
                scene -> scene.ca.pollsUntilValid(LONGER_THAN_THE_DEADLINE));
        put(
                "order pending, with Retry-After of a day",
                scene -> scene.ca.pollsUntilReady(2).retryAfter(Endpoint.ORDER, "86400"));
        put(
                "order processing, with Retry-After of a day",
                scene -> scene.ca.pollsUntilValid(2).retryAfter(Endpoint.ORDER, "86400"));
        put(
                "order back to pending after finalize",
                scene -> scene.ca
                        .pollsUntilValid(2)
                        .fault(Endpoint.ORDER, event(() -> {}))
                        .fault(Endpoint.ORDER, orderStatus("pending"), 2));
        put(
                "orderNotReady once, the order back to pending",
                scene -> scene.ca
                        .fault(Endpoint.FINALIZE, Fault.problem(403, "orderNotReady", "not yet"))
                        .fault(Endpoint.ORDER, event(() -> {}))
                        .fault(Endpoint.ORDER, orderStatus("pending"), 2));
        put(
                "orderNotReady once, the order still ready",
                scene -> scene.ca.fault(Endpoint.FINALIZE, Fault.problem(403, "orderNotReady", "not yet")));
        put(
                "orderNotReady, always",
                scene -> scene.ca.fault(Endpoint.FINALIZE, Fault.problem(403, "orderNotReady", "not yet"), ALWAYS));
        put("order with a status that nobody knows", scene -> scene.ca.fault(Endpoint.ORDER, orderStatus("thinking")));
        put(
                "order invalid for no reason before finalize",
                scene -> scene.ca.fault(
                        Endpoint.ORDER,
                        event(() -> scene.ca.makeStatus(scene.ca.orders().get(0), "invalid"))));
        put(
                "finalize refused with badCSR",
                scene -> scene.ca.fault(Endpoint.FINALIZE, Fault.problem(400, "badCSR", "not so")));
        put("issuance fails: caa", scene -> scene.ca.issuanceFails("caa"));
        put("issuance fails: serverInternal", scene -> scene.ca.issuanceFails("serverInternal"));
        put(
                "issuance fails in the reply to finalize",
                scene -> scene.ca.issuanceFails("caa").finalizeAtOnce(true));
        put("name rejected", scene -> scene.ca.block("example.test"));
    }

    private void authorizations() {
        for (String status : List.of("expired", "deactivated", "revoked")) {
            put(
                    "authorization " + status + " before it is fetched",
                    scene -> scene.ca.fault(Endpoint.AUTHORIZATION, authorizationBecomes(scene, status)));
            put(
                    "authorization " + status + " before its challenge is answered",
                    scene -> scene.ca.fault(Endpoint.CHALLENGE, authorizationBecomes(scene, status)));
            put(
                    "authorization " + status + " before the order is ready",
                    scene -> scene.ca.fault(Endpoint.ORDER, authorizationBecomes(scene, status)));
        }
    }

    private static Fault authorizationBecomes(FaultScene scene, String status) {
        return event(() -> scene.ca.makeStatus(scene.ca.authorizations().get(0), status));
    }

    private void challenges() {
        for (String status : List.of("pending", "processing")) {
            put("challenge left " + status + " with an error once", scene -> scene.ca.leaveUndecided(status, 1));
            put("challenge left " + status + " with an error three times", scene -> scene.ca.leaveUndecided(status, 3));
            put(
                    "challenge left " + status + " with an error, always",
                    scene -> scene.ca.leaveUndecided(status, ALWAYS));
        }
        put("challenge failed for good", scene -> scene.ca.alwaysValid(false).validateHttp01At(scene.deadPort()));
    }

    private void accounts() {
        for (Endpoint endpoint : List.of(Endpoint.NEW_ORDER, Endpoint.CHALLENGE, Endpoint.FINALIZE)) {
            put(
                    "account deactivated before " + endpoint,
                    scene -> scene.ca.fault(
                            endpoint,
                            event(() -> scene.ca.makeStatus(
                                    scene.ca.accounts().get(0).url(), "deactivated"))));
            put(
                    "accountDoesNotExist at " + endpoint,
                    scene -> scene.ca.fault(endpoint, Fault.problem(400, "accountDoesNotExist", "who?"), ALWAYS));
            put(
                    "userActionRequired at " + endpoint,
                    scene -> scene.ca.fault(endpoint, Fault.problem(403, "userActionRequired", "new terms")));
        }
    }

    private void clocks() {
        for (int days : List.of(1, -1)) {
            String how = days > 0 ? " a day fast" : " a day slow";
            put("the CA's clock" + how, scene -> {
                scene.ca.clockSkew(Duration.ofDays(days));
                askToWait(scene, days);
            });
            put("the client's clock" + how, scene -> {
                scene.clientAhead(Duration.ofDays(days));
                askToWait(scene, 0);
            });
        }
    }

    private static void askToWait(FaultScene scene, int daysAheadOfTheCa) {
        String date = EndpointFaults.httpDate(
                scene.time.instant().plus(Duration.ofDays(daysAheadOfTheCa)).plusSeconds(30));
        scene.ca
                .pollsUntilReady(2)
                .pollsUntilValid(2)
                .retryAfter(Endpoint.ORDER, date)
                .retryAfter(Endpoint.FINALIZE, date);
    }

    private void nonces() {
        for (int percent : List.of(5, 20, 50, 90)) {
            put("badNonce for " + percent + " %", scene -> scene.ca.badNonceRate(percent / 100.0, 1));
        }
        put(
                "no reply has a nonce",
                scene -> List.of(Endpoint.values()).forEach(endpoint -> {
                    if (endpoint != Endpoint.NEW_NONCE) {
                        scene.ca.fault(endpoint, Fault.noNonce(), ALWAYS);
                    }
                }));
    }
}
