package org.wucme.cli.imports;

/**
 * How far an import goes.
 *
 * @param replaces whether it takes the place of what the store has, of which a backup stays
 * @param isRehearsal whether it only says what it would do
 */
public record ImportMode(boolean replaces, boolean isRehearsal) {

    String verb() {
        return isRehearsal ? "would be taken over" : "taken over";
    }
}
