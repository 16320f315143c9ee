package org.wucme.acme;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** A company's own CAs, found by ServiceLoader; two of them pretend to be others. */
public final class ExampleCas implements CaProvider {

    static final Ca CORPORATE = Ca.stepCa("example-corp", "https://ca.corp.example/acme/acme/directory");

    static final List<Ca> IMPOSTORS = List.of(
            new Ca("LetsEncrypt", "https://impostor.example/directory"),
            new Ca("zerossl-without-binding", Ca.ZEROSSL.directoryUrl()),
            new Ca("example-corp", "https://later.example/directory"));

    @Override
    public Collection<Ca> cas() {
        return Stream.concat(Stream.of(CORPORATE), IMPOSTORS.stream()).toList();
    }
}
