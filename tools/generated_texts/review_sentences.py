"""The sentences of film reviews: how one opens, tells, judges, wanders off and ends."""

from __future__ import annotations

from tools.generated_texts.grammar import Choice, Moods, lines, words
from tools.generated_texts.review_aspects import BLAMING, EVERY_FILM, PRAISING, SOME_FILMS, rules_of

#: Ways to judge an aspect; THING becomes its name.
_VIEWS = """
    <THING.is> <+THING.adj>
    <+THING.own>
    <THING.is> <+degree> <+THING.adj>
    <THING.is> <+quality>
    i <+felt> <THING.the>
    <THING.is> <+strongly> <+quality>
    <THING.is> <+THING.adj> and <+quality>
    it|this|the_film has|had <+THING.some>
    <THING.the> <+did>
    the <+top> thing about it is <THING.the>
    we|you get <+THING.some>
    <THING.is> never <-THING.adj>
    <THING.is> <+THING.adj> from beginning|start to end|finish
    <THING.isnt> <-THING.adj> at_all|
    what i <+felt.most> most was <THING.the>
    <THING.is> <+than>
    <THING.isnt> <-quality>
    <THING.is> hardly|far_from|anything_but <-THING.adj>
    <+opinion> that <THING.is> <+quality>
    i have seldom|rarely seen such <+THING.some>
    <THING.the> could not be <+more>
    <THING.is> <+manner> done
    i was <+moved> by <THING.the>
    when it comes to <THING.the> this film|movie <+does>
    <THING.is> not|never|hardly <-quality>
    there is nothing <-quality> about <THING.the>
    i was not <-moved> by <THING.the>
    i cannot call <THING.the> <-THING.adj>
    nobody can say that <THING.is> <-THING.adj>
    """

_RULES: dict[str, Choice | Moods] = {
    # How a view is worded.
    "quality": Moods(words(PRAISING, 1), words(BLAMING, 1)),
    "degree": Moods(
        words(
            """
            very really so quite truly absolutely extremely incredibly wonderfully surprisingly remarkably always
            genuinely unusually consistently
            """
        ),
        words(
            """
            very too so really rather pretty terribly painfully extremely a_bit awfully simply hopelessly somewhat
            unbearably
            """
        ),
    ),
    "strongly": Moods(
        words("really truly absolutely simply quite just genuinely nothing_short_of undeniably"),
        words("really simply just so truly plain rather frankly downright utterly"),
    ),
    "felt": Moods(
        words("liked loved enjoyed admired adored appreciated really_liked truly_loved treasured"),
        words(
            "disliked hated did_not_like couldn't_stand didn't_enjoy regretted really_disliked detested resented"
        ),
    ),
    "felt.most": Moods(words("liked enjoyed loved admired"), words("disliked hated did_not_like resented")),
    "top": Moods(
        words("best greatest nicest strongest most_impressive finest loveliest"),
        words("worst weakest saddest most_annoying poorest most_irritating silliest"),
    ),
    "did": Moods(
        lines(
            """
            won me over
            worked very well for me
            surprised me in a good way
            made my day|evening|week
            kept me awake|interested|smiling
            stayed with me for days|weeks|hours
            saved the evening|film|whole_thing
            deserved a_prize|an_award|applause
            exceeded my expectations|hopes
            """
        ),
        lines(
            """
            left me cold
            did not work for me
            put me off
            spoiled my evening|mood|weekend
            bored me to tears
            let me down
            ruined the evening|film|whole_thing
            got on my nerves
            failed completely|badly|again
            """
        ),
    ),
    "than": Moods(
        lines(
            """
            better than i expected|hoped|thought
            better than in most films of this kind
            as good as it gets
            a pleasure|delight|joy|treat
            one of its strengths
            worth the price of the ticket
            """
        ),
        lines(
            """
            worse than i expected|feared|thought
            worse than in most films of this kind
            as bad as it gets
            a disappointment|mess|failure|letdown
            one of its weaknesses
            not worth the price of the ticket
            """
        ),
    ),
    "more": Moods(
        words("better finer more_fitting more_convincing stronger more_enjoyable"),
        words("worse duller more_annoying less_convincing weaker less_interesting"),
    ),
    "manner": Moods(
        words("beautifully carefully cleverly perfectly brilliantly lovingly superbly skilfully elegantly"),
        words("badly poorly carelessly terribly clumsily cheaply painfully lazily sloppily"),
    ),
    "moved": Moods(
        words("impressed moved touched delighted charmed fascinated amazed captivated enchanted thrilled"),
        words("bored disappointed annoyed irritated disgusted put_off underwhelmed exhausted embarrassed"),
    ),
    "does": Moods(
        words("delivers shines succeeds excels triumphs knows_its_job"),
        words("fails disappoints stumbles falls_short gives_up collapses"),
    ),
    "opinion": lines(
        """
        i think|thought|felt|found
        i must|have_to|would say
        my <relative> said|thought|agrees
        we all agreed
        nobody will deny
        it seems to me
        """
    ),
    # A view against another one.
    "turn": words("but yet still however nevertheless on_the_other_hand even_so"),
    "though": words("although while though even_though even_if"),
    "link": words("and also besides moreover what_is_more in_addition"),
    # Judging the whole film.
    "whole": Moods(
        lines(
            """
            i loved this film|movie
            this is a <+quality> film|movie|picture
            i enjoyed every minute|second of it
            it is one of the best films|movies of the year|season|decade
            this is the best $kind i have seen in years|months|a_long_time
            i was <+moved>
            what a <+quality> film|movie|surprise|experience
            it is <+strongly> <+quality>
            it was not <-quality> at all
            i was not bored for a minute|second|moment
            i did not expect to like it so much but i did
            it is <+quality> and i do not say that often
            a <+quality> $kind for the_whole_family|grown_ups|everyone
            it deserves all the praise|prizes|awards it can get
            $film is <+strongly> <+quality>
            i have not seen such a <+quality> $kind since last <season>
            you will not be disappointed
            it made me happy
            """
        ),
        lines(
            """
            i hated this film|movie
            this is a <+quality> film|movie|picture
            i regretted every minute|second of it
            it is one of the worst films|movies of the year|season|decade
            this is the worst $kind i have seen in years|months|a_long_time
            i was <+moved>
            what a <+quality> film|movie|mess|experience
            it is <+strongly> <+quality>
            it was not <-quality> at all
            i was bored from the first minute|second|moment
            i wanted to like it so much but i did not
            it is <+quality> and i do not say that often
            a <+quality> $kind for nobody|no_one|nobody_at_all
            it does not deserve the praise|prizes|awards it got
            $film is <+strongly> <+quality>
            i have not seen such a <+quality> $kind since last <season>
            you will be disappointed
            it made me angry|sad
            """
        ),
    ),
    "verdict": Moods(
        lines(
            """
            i would recommend it to anyone|everyone|all_my_friends
            i recommend it
            highly|warmly recommended
            i will see|watch it again
            do_not|don't miss it
            well worth seeing|watching|your_time|the_money
            i give it <score.high> out of ten
            go and see it
            you will not regret it
            i cannot wait to see it again
            all in all a <+quality> film|movie
            it deserves <score.high> stars
            in the end i left with a smile
            i am glad that i went
            thank you $director
            i have already told all my friends|neighbours|colleagues about it
            not a minute was wasted
            i bought another ticket for <weekday>
            """
        ),
        lines(
            """
            i would not recommend it to anyone|my_worst_enemy
            i cannot recommend it
            not recommended
            i will never see|watch it again
            avoid it
            a waste of time|money|time_and_money
            i give it <score.low> out of ten
            stay at home
            you will regret it
            i could not wait for it to end
            all in all a <+quality> film|movie
            i give it <score.low> stars and that is generous
            in the end i left with a headache
            i am sorry that i went
            shame on you $director
            i have already warned all my friends|neighbours|colleagues
            save your money
            i want my two hours back
            """
        ),
    ),
    "score.high": words("eight nine seven ten"),
    "score.low": words("three two four"),
    # What others said, which proves nothing.
    "expected": lines(
        """
        everyone told me that it was <-quality> <turn> i do_not|don't agree
        the critics called it <-quality> <turn> i must have seen another film
        my <relative> found it <-quality> <turn> i did not
        i had expected a <-quality> film|movie <turn> i was <+moved>
        after the <-quality> trailer|reviews i was ready for the worst|best <turn> it came otherwise
        some people say it is <-quality> <turn> they are wrong
        if you think that it is <-quality> you should look again
        the first part|film was <-quality> <turn> this one is not
        """
    ),
    # Words of praise and blame that are not about the film.
    "aside": lines(
        """
        the seats|chairs in the cinema were <any> but that has nothing to do with the film
        the popcorn|ice_cream|coffee|lemonade was <any>
        the weather outside was <any>
        we had a <any> dinner|lunch|pizza|curry before|afterwards
        the book|novel|play was <any>
        the old version|film from my childhood was <any>
        the people in front of us were <any>
        the cinema itself is <any>
        the advertising|trailers before the film took twenty|thirty minutes
        my <relative> usually|normally likes|hates|prefers <genres>
        some <genres> are <any> and some are <any>
        $director has made <any> and <any> films before
        """
    ),
    "any": Choice(tuple((PRAISING + BLAMING).split()), 40),
    # Opening.
    "open": lines(
        """
        i watched $film with my <relative> last <lately>
        we saw $film at the <cinema> in $town
        $film is the <ordinal> film by $director
        $film is a $kind by $director
        i saw $film on <screen> with my <relative>
        my <relative> wanted to see $film so we went on <weekday>
        last <season> everybody was talking about $film
        a friend gave me a ticket for $film
        $film was shown at the festival in $town
        i have waited for $film since last <season>
        this is a $kind with $name and $partner
        $director made $film in <number> days|weeks|months with very little money
        on a <weather> <weekday> evening|afternoon|morning i went to see $film
        i had never heard of $director before
        $film comes from $town and it is a $kind
        my <relative> and i disagree about $film
        we were looking for a $kind and found $film
        after a long day at the <building> i watched this $kind
        our teacher|club|neighbour showed us $film last <lately>
        """
    ),
    # Telling the story.
    "tell": lines(
        """
        $name plays a <job> who <deed>
        it is about a <figure> who <deed>
        the story begins when a <figure> <deed>
        $name is a <job> and $partner is a <job>
        a <figure> and a <figure> meet in a <building> near $town
        it takes place in a <building> in $town
        $partner plays the <relation> of a <job>
        a young|old|poor|rich|lonely|retired|clever|shy <figure> <deed>
        one <weather> night|day a <figure> <deed>
        most of it happens in a <building> by|near|behind the <landscape>
        then a <figure> from $town arrives with a <object>
        the <object> of a <figure> disappears and everybody is looking for it
        in the second half the <figure> <deed>
        $name plays two people who do not know each other a <job> and a <job>
        it is set in the <landscape> around $town during a long|hot|cold|wet summer|winter|autumn
        there is also a <animal> which belongs to the <figure>
        years later the <figure> returns to $town with a <object> and a <animal>
        """
    ),
    "deed": lines(
        """
        falls in love with a <figure>
        finds a <object> in the <building>
        comes home to $town after <number> years
        is looking for a lost <kin>
        has to hide a <object> from the police
        inherits a <building> from a distant|forgotten|dead <kin>
        travels through the <landscape> with a <animal>
        is accused of stealing a <object>
        wants to open a <building> in $town
        loses everything in one night
        writes letters to an unknown <figure>
        gets lost in the <landscape>
        finds out a secret about the <building>
        takes a job in a <building>
        tries to save an old <building>
        dreams of becoming a <job>
        meets a <figure> on a train to $town
        buys a <object> at a market
        is followed by a mysterious <figure>
        has <number> days to find a <object>
        steals a <object> and runs away to $town
        teaches a <figure> how to read|swim|cook|dance|drive
        moves to the <landscape> with a strange|sick|stubborn <kin>
        refuses to sell a <building> to a <figure>
        must share a room with a <figure> and a <animal>
        """
    ),
    # Facts that say nothing.
    "fact": lines(
        """
        the film|movie is <minutes> minutes long
        it was made in $town
        there were about <number> people in the cinema
        it is the <ordinal> film by $director this year
        $director also wrote the script|book|songs
        $partner was a <job> before this film
        we sat in the <ordinal> row
        i saw it in the original language|version with subtitles
        i went with my <relative> and my <relative>
        the next showing is on <weekday>
        it is also out on <screen> now
        we talked about it on the way home
        my <relative> fell|was asleep after <number> minutes
        the <object> in the <ordinal> scene belonged to my <relative>
        i once lived near $town where it was shot
        a second part is planned for next <season>
        $name and $partner had already worked together in <title>
        if i remember correctly it was the <ordinal> $kind of the week
        it reminded me of <title>
        you may know $name from <title>
        <person> has a small part as a <job>
        the <job> is played by <person>
        the songs|costumes|sets are by <person>
        <person> from $town was the <job> on the set
        it is based on a novel|play|true_story by <person>
        """
    ),
    # Word lists, from usual to rare.
    "relative": words(
        """
        friend sister brother wife husband mother father daughter son cousin girlfriend boyfriend grandmother
        neighbour uncle aunt colleague grandfather niece nephew roommate boss dentist landlady godmother
        stepfather classmate
        """
    ),
    "kin": words(
        "brother uncle sister aunt cousin grandfather nephew niece grandmother godfather half_brother"
    ),
    "relation": words(
        "boss neighbour rival bodyguard cousin twin assistant pupil enemy friend secretary accomplice"
    ),
    "weekday": words("saturday friday sunday thursday wednesday tuesday monday"),
    "lately": words("night week weekend saturday friday sunday month thursday wednesday summer winter"),
    "season": words("summer year winter autumn spring christmas month easter"),
    "weather": words("rainy cold stormy sunny foggy snowy hot grey windy frosty muggy misty"),
    "cinema": words("cinema theatre festival old_cinema film_club open_air_cinema museum university library"),
    "screen": words("television video dvd a_plane my_computer the_big_screen a_train my_phone a_ferry"),
    "ordinal": words("second first third fourth fifth last sixth seventh tenth twelfth"),
    "number": words(
        "two three five ten four six twenty seven thirty eight forty twelve nine fifty eleven sixty"
    ),
    "minutes": words("ninety 100 120 95 110 105 140 85 130 88 98 115 93 150 102 112 180 135 79 127 163"),
    "job": words(
        """
        doctor teacher lawyer student farmer soldier writer detective nurse waiter journalist painter sailor
        musician cook mechanic pianist baker singer photographer gardener librarian taxi_driver dancer architect
        tailor carpenter hairdresser butcher shepherd actor miner scientist engineer boxer magician clockmaker
        burglar beekeeper ferryman smuggler inventor orphan blacksmith astronomer lighthouse_keeper banker
        bookseller clown puppeteer translator gravedigger professor surgeon spy judge butler acrobat violinist
        trumpeter cellist poet beggar hunter pirate explorer pilot chemist pharmacist locksmith plumber
        electrician stonemason weaver potter glassblower brewer goldsmith juggler fortune_teller hypnotist
        cartographer botanist geologist archaeologist chimney_sweep bricklayer drummer goalkeeper cyclist jockey
        swimmer
        """,
        evenness=6,
    ),
    # Who is a man or a woman already, and so plays no part by a drawn name.
    "role": words(
        """
        policeman widow fisherman king actress queen priest princess prince postman waitress nun monk duke
        ballerina knight governess milkman heiress seamstress stuntman
        """
    ),
    "figure": Choice(("<job>", "<job>", "<job>", "<role>"), 50),
    "object": words(
        """
        letter suitcase ring key diary photograph map painting watch box necklace violin knife gun camera book coat
        bicycle coin mirror telescope clock umbrella lamp guitar doll briefcase passport ticket candle statue compass
        typewriter piano hat sword medal bracelet radio wallet notebook chest telegram bell flute locket mask
        teapot rug carpet basket saddle lantern trumpet postcard chessboard crown goblet scarf glove boot cello canoe
        kite sledge barrel tapestry snow_globe music_box stamp cookbook recipe wheelbarrow rocking_chair harp
        accordion microscope globe pendant brooch ruby emerald diamond pearl sapphire manuscript parchment vase
        """,
        evenness=6,
    ),
    "building": words(
        """
        house hotel school hospital farm castle bakery restaurant station shop factory library church bank museum
        cottage bar office garage mill lighthouse monastery bookshop cafe warehouse prison palace tower barn theatre
        boarding_house flower_shop harbour villa inn workshop circus greenhouse vineyard kitchen laundry pharmacy
        brewery observatory zoo orphanage courtroom chapel mansion attic cellar caravan windmill shipyard tavern
        sawmill printing_house dairy pawnshop aquarium casino convent
        """,
        evenness=6,
    ),
    "landscape": words(
        """
        mountains forest sea desert hills city lake valley river islands coast village snow suburbs marshes fields
        jungle moor canyon swamp cliffs dunes meadows tundra lagoon prairie glacier fjord savannah
        """
    ),
    "animal": words(
        """
        dog cat horse donkey parrot goat cow goose rabbit pig pony mouse crow monkey hen bear owl fox camel tortoise
        ferret lizard swan squirrel hedgehog otter peacock elephant llama badger falcon raccoon
        """
    ),
    "genres": words(
        """
        comedies thrillers love_stories documentaries musicals westerns cartoons war_films costume_dramas horror_films
        road_movies silent_films spy_films
        """
    ),
    # Titles of films.
    "title": lines(
        """
        the <title.adj> <object>
        the <figure> of <town>
        the <title.adj> <figure>
        the <title.noun> of <town>
        <woman> and the <object>
        the <figure> and the <animal>
        <title.noun> in <town>
        a <title.noun> for <woman>
        the <title.adj> <title.noun>
        <man> and <woman>
        the last <figure>
        beyond the <landscape>
        under the <building>
        <number> <title.things>
        the <building> by the <landscape>
        goodbye <woman>
        no <title.noun> for the <figure>
        the <animal> in the <building>
        """
    ),
    "title.adj": words(
        """
        last silent golden broken hidden blue midnight lonely crimson forgotten distant burning frozen wandering secret
        invisible paper silver scarlet sleeping borrowed velvet vanishing glass drowned thirteenth
        """
    ),
    "title.noun": words(
        """
        winter promise summer shadow journey song stranger return garden storm morning bridge echo dream silence secret
        moon whisper fire voyage harvest oath riddle comet horizon eclipse waltz lullaby tempest tide exile
        """
    ),
    "title.things": words(
        "letters winters brothers sisters days nights bridges rivers lies promises doors roses stories steps windows"
    ),
}


def _views(name: str) -> Choice:
    """All ways to judge one aspect."""
    return lines(_VIEWS.replace("THING", name), evenness=2)


def review_rules() -> dict[str, Choice | Moods]:
    """All rules of the reviews: those above, and for each aspect its own and `NAME.view`."""
    rules = dict(_RULES)
    for aspects in (EVERY_FILM, SOME_FILMS):
        for title, aspect in aspects.items():
            name = title.replace(" ", "-")
            rules |= rules_of(name, aspect)
            rules[f"{name}.view"] = _views(name)
    return rules
