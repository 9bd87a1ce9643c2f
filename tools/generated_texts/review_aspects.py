"""What film reviews judge: story, acting, music and so on, each with the words that praise or blame it."""

from __future__ import annotations

from dataclasses import dataclass

from tools.generated_texts.grammar import Choice, Moods, lines, words


@dataclass(frozen=True)
class Aspect:
    """One thing about a film that a review can praise or blame.

    Attributes:
        single: Nouns that take "a" and "is".
        mass: Nouns that take no "a" but "is".
        several: Nouns that take "are".
        good: Adjectives of praise, from usual to rare; none of them in `PRAISING`.
        bad: Adjectives of blame, from usual to rare; none of them in `BLAMING`.
        praise: Whole clauses that praise it and fit nothing else.
        blame: Whole clauses that blame it.
    """

    single: str
    mass: str
    several: str
    good: str
    bad: str
    praise: str
    blame: str


#: Adjectives for everything.
PRAISING = """
    good great wonderful excellent amazing interesting brilliant fantastic perfect superb impressive outstanding
    terrific remarkable marvellous magnificent first_rate splendid admirable flawless exquisite
"""
BLAMING = """
    bad terrible boring awful poor disappointing horrible dreadful stupid weak mediocre lousy annoying miserable dire
    embarrassing abysmal hopeless atrocious appalling second_rate wretched
"""

EVERY_FILM: dict[str, Aspect] = {
    "story": Aspect(
        single="story plot storyline script premise",
        mass="",
        several="",
        good="""clever gripping original moving believable touching surprising thoughtful compelling
            intriguing absorbing inventive rewarding ingenious layered timely""",
        bad="""predictable silly confusing thin implausible tired pointless muddled far_fetched shallow
            contrived hollow derivative ludicrous threadbare""",
        praise="""
            every scene leads to the next one
            i never guessed what would happen
            the twist in the middle took my breath away
            it tells something true about friendship|families|growing_old|losing_someone|courage
            i was still thinking about it the next morning|day|week
            each small secret is revealed at the right moment
            """,
        blame="""
            nothing makes any sense
            i guessed the twist after ten|fifteen|twenty minutes
            the holes in the plot are enormous
            half of the scenes lead nowhere
            we have seen this story a hundred times
            it borrows from better films without shame
            """,
    ),
    "acting": Aspect(
        single="cast lead_performance supporting_cast",
        mass="acting",
        several="performances actors",
        good="""convincing natural strong honest talented subtle warm fearless nuanced heartfelt magnetic
            understated""",
        bad="""wooden stiff unconvincing lifeless exaggerated forced awkward miscast mechanical amateurish bored
            hammy""",
        praise="""
            $name gives the best performance of $his career
            $name carries the whole film
            i believed every word $he said
            $name says more with a look than others with a speech
            $name and $partner are a joy to watch
            $partner steals every scene
            you forget that $name is acting
            """,
        blame="""
            $name sleepwalks through the part
            $name cannot act
            $name and $partner seem to be in two different films
            i did not believe a word $he said
            $name reads the lines like a phone book
            $partner is wasted in a tiny part
            $name looks lost from start to finish
            """,
    ),
    "music": Aspect(
        single="score soundtrack theme_tune",
        mass="music",
        several="",
        good="""beautiful haunting memorable lovely stirring gentle catchy elegant rousing hypnotic soaring""",
        bad="""loud dull intrusive repetitive forgettable shrill noisy monotonous syrupy deafening tuneless""",
        praise="""
            i hummed the melody all the way home
            the piano|violin|cello|guitar|choir gave me goosebumps
            i bought the soundtrack the same evening
            the music lifts every scene
            """,
        blame="""
            the music never stops to let you think
            the violins|trumpets|drums drown every word
            i wanted to turn the sound off
            the same four notes come back again and again
            """,
    ),
    "camera": Aspect(
        single="",
        mass="photography camerawork lighting",
        several="pictures images shots colours",
        good="""stunning striking gorgeous crisp breathtaking sharp luminous atmospheric poetic painterly""",
        bad="""shaky ugly grey murky dark blurry careless restless drab grainy""",
        praise="""
            every frame could hang on a wall
            the landscapes|streets|faces have never looked better
            the camera glides through the rooms|crowd|forest like a dancer
            the light over the sea|city|desert|valley is a marvel
            """,
        blame="""
            the camera shakes so much that i felt sick
            half of the scenes are too dark to see anything
            it looks like a cheap television show
            the camera is always in the wrong place
            """,
    ),
    "dialogue": Aspect(
        single="",
        mass="dialogue writing",
        several="lines conversations",
        good="""witty funny natural sparkling quotable tender truthful playful razor_sharp""",
        bad="""clumsy stilted empty corny lazy unnatural cringeworthy laboured banal preachy""",
        praise="""
            people talk the way real people talk
            i could quote this film all day
            there is a line to remember in every scene
            even the silences are well written
            """,
        blame="""
            nobody talks like that
            people explain the plot to each other all the time
            i have heard better lines in commercials
            every conversation sounds like a lecture
            """,
    ),
    "ending": Aspect(
        single="ending finale last_act conclusion",
        mass="",
        several="",
        good="""satisfying powerful unexpected brave fitting bittersweet poignant hopeful cathartic""",
        bad="""rushed abrupt sentimental foolish lame unsatisfying absurd tacked_on preposterous mawkish""",
        praise="""
            i cried at the end
            the last scene alone is worth the ticket
            nobody in the room moved until the lights came on
            it ends exactly where it should
            """,
        blame="""
            it just stops
            it has four endings and none of them works
            the last twenty minutes ruin everything
            i laughed at the end and i was not supposed to
            """,
    ),
    "pace": Aspect(
        single="pace rhythm",
        mass="editing timing",
        several="",
        good="""brisk lively tight confident smooth energetic fluent unhurried sure_footed""",
        bad="""slow sluggish uneven tedious sleepy choppy glacial plodding leaden""",
        praise="""
            two hours passed like twenty minutes
            there is not a minute too many
            i did not look at my watch once
            it never outstays its welcome
            it kept me on the edge of my seat
            """,
        blame="""
            it is at least half an hour too long
            i looked at my watch every five minutes
            it drags on and on
            i nearly fell asleep
            nothing happens for the first hour
            """,
    ),
    "characters": Aspect(
        single="hero main_character heroine",
        mass="",
        several="characters people_in_it",
        good="""likeable complex lovable human sympathetic unforgettable rounded vivid endearing
            three_dimensional""",
        bad="""flat irritating unlikeable one_dimensional stereotyped paper_thin unsympathetic interchangeable
            cardboard""",
        praise="""
            i wanted to spend more time with these people
            i cared about every one of them
            even the smallest part is a real person
            you laugh and suffer with them
            """,
        blame="""
            i did not care about any of them
            i could not tell one from the other
            they do stupid things for no reason
            nobody in it is worth two hours of your life
            """,
    ),
    "directing": Aspect(
        single="",
        mass="directing direction",
        several="",
        good="""assured careful skilful imaginative inspired masterful graceful sensitive daring""",
        bad="""heavy_handed aimless uninspired sloppy pedestrian clueless self_important timid""",
        praise="""
            $director knows exactly what $director_he is doing
            $director trusts the audience
            this is the work of a true artist
            $director finds beauty in the smallest things
            $director has never made a better film
            """,
        blame="""
            $director has no idea what to say
            $director treats the audience like children
            $director should have stayed in bed
            $director has clearly run out of ideas
            $director used to know how to do this
            """,
    ),
    "design": Aspect(
        single="setting production_design",
        mass="scenery",
        several="sets costumes",
        good="""authentic rich lavish detailed charming picturesque sumptuous handsome evocative""",
        bad="""fake plastic shabby tacky dreary sterile makeshift gaudy""",
        praise="""
            you can almost smell the sea|streets|kitchen|old_books
            the old houses|trains|hats|lamps look just right
            a lot of love went into every detail
            you believe that you are really there
            """,
        blame="""
            the sets look like cardboard
            everything looks as if it was bought yesterday
            you can see the zipper on every costume
            it was obviously shot in somebody's garage|garden|basement
            """,
    ),
    "opening": Aspect(
        single="beginning opening first_half_hour first_scene",
        mass="",
        several="",
        good="""exciting promising engaging electrifying beguiling mysterious arresting""",
        bad="""endless tiresome long_winded unpromising bewildering stale""",
        praise="""
            it grabs you from the first minute
            i was hooked after five minutes
            the first shot tells you that you are in good hands
            """,
        blame="""
            it takes forever to get going
            three people left after ten minutes
            i wanted to leave after half an hour
            """,
    ),
}

SOME_FILMS: dict[str, Aspect] = {
    "comedy": Aspect(
        single="",
        mass="humour",
        several="jokes gags",
        good="hilarious fresh irresistible well_timed whimsical side_splitting",
        bad=" unfunny crude tasteless childish vulgar flat_footed",
        praise="""
            i laughed until i cried
            the whole room was laughing
            i have not laughed so much in years
            it made me smile from beginning to end
            """,
        blame="""
            i did not laugh once
            not even my little brother|sister|nephew|cousin laughed
            the best jokes are in the trailer
            every joke falls flat
            """,
    ),
    "thriller": Aspect(
        single="mystery",
        mass="suspense tension",
        several="",
        good="intense nerve_racking breathless unrelenting taut",
        bad="laughable feeble artificial nonexistent half_hearted",
        praise="""
            i held my breath for the last half hour
            you never know whom to trust
            it is so exciting that i forgot my popcorn
            """,
        blame="""
            there is no suspense at all
            i knew the murderer|thief|spy|traitor after the first scene
            it is about as exciting as a bus timetable
            """,
    ),
    "horror film": Aspect(
        single="monster ghost",
        mass="atmosphere",
        several="scares",
        good="scary terrifying creepy chilling spooky eerie unsettling bone_chilling",
        bad="ridiculous harmless cartoonish toothless cheap_looking",
        praise="""
            i slept with the light on
            i screamed out loud and was not the only one
            i did not dare to go home alone
            """,
        blame="""
            my cat|hamster|rabbit|grandmother is scarier
            nothing in it scared me
            it mistakes noise for fear
            """,
    ),
    "science fiction film": Aspect(
        single="future_world",
        mass="",
        several="special_effects visuals spaceships",
        good="spectacular dazzling seamless jaw_dropping futuristic",
        bad="cheap dated fake_looking rubbery pixelated unimaginative",
        praise="""
            i have never seen anything like it
            it makes you look at the stars again
            the ideas are even bigger than the explosions
            """,
        blame="""
            the robots look like vacuum cleaners|toasters|washing_machines
            it has more explosions than ideas
            a video game would have been more fun
            """,
    ),
    "adventure film": Aspect(
        single="chase",
        mass="action",
        several="fights stunts chases",
        good="thrilling exhilarating acrobatic adventurous",
        bad="chaotic mindless incomprehensible",
        praise="""
            the chase through the market|harbour|tunnel|mountains is pure joy
            the stunts are real and you can see it
            i felt like a child again
            """,
        blame="""
            one explosion follows the other until nobody cares
            the cuts are so fast that you see nothing
            the fights go on forever
            """,
    ),
    "love story": Aspect(
        single="romance",
        mass="chemistry",
        several="love_scenes",
        good="sweet romantic passionate delicate enchanting swoony",
        bad="lukewarm sugary soppy passionless unbelievable sappy",
        praise="""
            $name and $partner were made for each other
            i fell in love with both of them
            we needed a lot of handkerchiefs
            """,
        blame="""
            there is no spark between $name and $partner
            i hoped that they would never meet
            a fridge has more warmth
            """,
    ),
    "musical": Aspect(
        single="",
        mass="dancing singing",
        several="songs dances",
        good="joyful delightful infectious toe_tapping exuberant cheerful",
        bad=" off_key joyless ear_splitting limp",
        praise="""
            i wanted to get up and dance
            i have been singing the songs ever since
            people were clapping after every song
            """,
        blame="""
            nobody in it can sing
            i could not remember a single song
            after the fifth song i had a headache
            """,
    ),
    "history film": Aspect(
        single="",
        mass="research",
        several="battles uniforms facts",
        good="fascinating revealing thorough eye_opening informative enlightening",
        bad="superficial one_sided dry dubious sketchy patronising",
        praise="""
            i learned more than in a year of school
            it opened my eyes
            every school class should see this
            """,
        blame="""
            i learned nothing new
            it only shows one side
            a page in a school book would have said more
            """,
    ),
    "cartoon": Aspect(
        single="",
        mass="animation",
        several="drawings",
        good="magical colourful adorable lush hand_made dreamlike",
        bad=" jerky soulless garish slapdash",
        praise="""
            children and parents will love it
            every picture is full of small surprises
            my daughter|son|niece|nephew wants to see it again
            """,
        blame="""
            even small children will be bored
            my daughter|son|niece|nephew asked when it would be over
            a computer could have drawn it
            """,
    ),
}
"""By the kind of film: what only films of that kind have."""


def _nouns(text: str) -> list[str]:
    return text.split()


def rules_of(name: str, aspect: Aspect) -> dict[str, Choice | Moods]:
    """The rules of one aspect, each with its name in front.

    They are: `.the` the thing, `.is` the thing with its verb, `.isnt` the same denied, `.some` an adjective with the
    thing, `.adj` adjectives, `.own` clauses that fit nothing else.
    """
    single, mass, several = _nouns(aspect.single), _nouns(aspect.mass), _nouns(aspect.several)
    one = single + mass
    verbs = [*(f"the {noun} is|was" for noun in one), *(f"the {noun} are|were" for noun in several)]
    denied = [
        *(f"the {noun} is_not|isn't|was_not|wasn't" for noun in one),
        *(f"the {noun} are_not|aren't|were_not|weren't" for noun in several),
    ]
    described = [
        *(f"a <+{name}.adj> {noun}" for noun in single),
        *(f"<+{name}.adj> {noun}" for noun in mass + several),
    ]
    return {
        f"{name}.the": Choice(tuple(f"the {noun}" for noun in one + several), 2),
        f"{name}.is": Choice(tuple(verbs), 2),
        f"{name}.isnt": Choice(tuple(denied), 2),
        f"{name}.some": Choice(tuple(described), 2),
        f"{name}.adj": Moods(words(aspect.good, 1), words(aspect.bad, 1)),
        f"{name}.own": Moods(lines(aspect.praise), lines(aspect.blame)),
    }
