package org.wucme.store.file;

import java.security.KeyPair;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wucme.store.StoredAccount;
import org.wucme.store.internal.JsonMembers;

/**
 * An account as it is written to its file, without its key.
 *
 * @param key fingerprint of the key it was written with
 * @param members everything in the file, known or not
 */
record AccountJson(
        String directoryUrl,
        @Nullable String accountUrl,
        List<String> contacts,
        @Nullable String key,
        JsonMembers members) {

    /**
     * Reads the text of an account.
     *
     * @throws IllegalArgumentException if it is not understood; the message says why
     */
    static AccountJson parse(String text) {
        JsonMembers members = JsonMembers.parse(text);
        members.requireVersion();
        return new AccountJson(
                members.requiredText("directory"),
                members.text("account"),
                members.texts("contacts"),
                members.text("key"),
                members);
    }

    /** The text of an account; unknown members of what it takes the place of are kept. */
    static String text(StoredAccount account, @Nullable AccountJson before) {
        JsonMembers members = before == null ? JsonMembers.empty() : before.members.copy();
        return members.setVersion()
                .set("directory", account.directoryUrl())
                .set("account", account.accountUrl())
                .set("contacts", account.contacts())
                .set("key", fingerprint(account.keyPair()))
                .toText();
    }

    /** Whether this is about the account of the given key. Without a word on the key, it is. */
    boolean isWrittenWith(KeyPair keyPair) {
        return key == null || key.equals(fingerprint(keyPair));
    }

    private static String fingerprint(KeyPair keyPair) {
        return FileNames.sha256(keyPair.getPublic().getEncoded());
    }
}
