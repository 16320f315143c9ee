package org.wucme.testing.ca;

import java.util.List;

/**
 * What a request's path asks for.
 *
 * @param id the resource's name, empty where there is only one
 * @param part the number after the name (a chain of a certificate, a page of the orders list), 0 when absent
 */
record Route(Endpoint endpoint, String id, int part) {
    private static final Route UNKNOWN = new Route(Endpoint.UNKNOWN, "", 0);

    static Route of(String path) {
        List<String> steps = List.of(path.substring(1).split("/", -1));
        return switch (steps.size()) {
            case 1 -> new Route(single(steps.get(0)), "", 0);
            case 2 -> new Route(named(steps.get(0)), steps.get(1), 0);
            case 3 -> below(steps.get(0), steps.get(1), steps.get(2));
            case 4 ->
                steps.get(2).equals("orders") && steps.get(0).equals("account")
                        ? new Route(Endpoint.ORDERS, steps.get(1), number(steps.get(3)))
                        : UNKNOWN;
            default -> UNKNOWN;
        };
    }

    private static Endpoint single(String step) {
        return switch (step) {
            case "directory" -> Endpoint.DIRECTORY;
            case "new-nonce" -> Endpoint.NEW_NONCE;
            case "new-account" -> Endpoint.NEW_ACCOUNT;
            case "key-change" -> Endpoint.KEY_CHANGE;
            case "new-order" -> Endpoint.NEW_ORDER;
            case "new-authorization" -> Endpoint.NEW_AUTHORIZATION;
            case "revoke-cert" -> Endpoint.REVOKE;
            default -> Endpoint.UNKNOWN;
        };
    }

    private static Endpoint named(String step) {
        return switch (step) {
            case "account" -> Endpoint.ACCOUNT;
            case "order" -> Endpoint.ORDER;
            case "authorization" -> Endpoint.AUTHORIZATION;
            case "challenge" -> Endpoint.CHALLENGE;
            case "certificate" -> Endpoint.CERTIFICATE;
            case "star-certificate" -> Endpoint.STAR_CERTIFICATE;
            case "renewal-info" -> Endpoint.RENEWAL_INFO;
            default -> Endpoint.UNKNOWN;
        };
    }

    private static Route below(String kind, String id, String last) {
        return switch (kind) {
            case "account" -> last.equals("orders") ? new Route(Endpoint.ORDERS, id, 0) : UNKNOWN;
            case "order" -> last.equals("finalize") ? new Route(Endpoint.FINALIZE, id, 0) : UNKNOWN;
            case "certificate" -> new Route(Endpoint.CERTIFICATE, id, number(last));
            default -> UNKNOWN;
        };
    }

    private static int number(String step) {
        return step.matches("[0-9]{1,6}") ? Integer.parseInt(step) : Integer.MAX_VALUE;
    }
}
