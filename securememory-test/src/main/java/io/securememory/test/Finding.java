package io.securememory.test;

/**
 * A place where copies of a secret are. It never has any content of the secret.
 *
 * @param secret name of the secret that was given to the search
 * @param place the kind of place
 * @param encoding the form of the copies
 * @param live whether something holds them. False for garbage on the heap, and for the part of a stack that is not in
 *     use. True for native memory, about which nobody knows, and for files
 * @param holder what they are and what holds them: for an object its class, and the fields and variables from it to a
 *     root of the garbage collector; for other memory, its kind; for a file, its name and the offset in bytes. It goes on
 *     with the sentence of {@link #toString()}, and its wording may change
 * @param copies how many copies are there, at least 1
 */
public record Finding(String secret, Place place, Encoding encoding, boolean live, String holder, int copies) {

    /**
     * Returns a sentence for people.
     *
     * @return the sentence
     */
    @Override
    public String toString() {
        String noun = copies == 1 ? "copy" : "copies";
        if (place != Place.HEAP) {
            return copies + " " + noun + " as " + encoding + " " + holder;
        }
        return live ? copies + " live " + noun + " as " + holder : copies + " " + noun + " " + holder;
    }
}
