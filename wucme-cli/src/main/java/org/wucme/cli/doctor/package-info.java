/** Looks, before a CA is asked for anything, for what would make an issuance fail. */
@NullMarked
package org.wucme.cli.doctor;

import org.jspecify.annotations.NullMarked;
