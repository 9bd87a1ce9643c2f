"""The sentences of short news from business: ten topics, and what the reports of all topics share.

Firms, people, towns and amounts are made up; countries are real, but nothing said of them is.
"""

from __future__ import annotations

from tools.generated_texts.grammar import Choice, Moods, lines, words

#: By topic: sentences that open a report on it.
LEADS: dict[str, str] = {
    "harvest": """
        the $crop harvest|crop in $country will reach|total <number> million tonnes this year
        farmers in $country have begun|started to harvest $crop
        the $crop crop in <region> $country is <share> percent larger|smaller than last year
        $country expects a record|poor|good|average $crop harvest this <season>
        plantings of $crop in $country rose|fell by <share> percent
        the ministry of agriculture raised|lowered|cut its forecast for the $crop crop
        farmers around $town will plant more|less $crop this <season>
        <insects> have damaged|attacked $crop fields in <region> $country
        stocks of $crop in $country stood at <number> million tonnes at the end of <month>
        $crop prices rose|fell after a report on the harvest in $country
        the yield of $crop is put at <small> tonnes a hectare
        silos|barns|warehouses near $town are full|empty after the $crop harvest
        """,
    "shipping": """
        the <ship> <vessel> ran aground|caught_fire|broke_down near the port of $town
        <number> ships are waiting|queueing outside the port of $town
        the port of $town was closed|reopened on <weekday>
        freight rates for $cargo rose|fell by <share> percent
        a <ship> with <count> thousand tonnes of $cargo left $town for $country
        $company will build|order <number> <ship>s at the shipyard in $town
        dock workers in $town loaded|unloaded <count> thousand tonnes of $cargo
        shipowners in $country complained about low|high freight rates
        the canal|strait|channel near $town will be closed|deepened|widened for <number> weeks|months
        $company has chartered|sold|bought a <ship> of <count> thousand tonnes
        <ship>s bound for $country have to wait|anchor outside $town because of <obstacle>
        the container terminal in $town handled <share> percent more|less cargo
        """,
    "energy": """
        $company found|discovered oil|gas <number> miles off the coast of $country
        oil prices rose|fell to <small> dollars a barrel
        $country will raise|cut its oil|gas output by <share> percent
        $company has started|stopped|resumed drilling|pumping in the <field> field
        the refinery in $town will be closed|repaired|enlarged until <month>
        $country produced <count> thousand barrels a day in <month>
        a pipeline from $town to $country will carry|transport natural gas
        $company raised|lowered the price of heating_oil|petrol|diesel|gasoline by <small> cents
        stocks of crude|heating|fuel oil fell|rose by <count> million barrels
        oil ministers will meet in $town to talk about quotas|prices|output
        $company will build a power|gas|wind|solar plant near $town
        the well in the <field> field flowed at <count> barrels a day
        """,
    "results": """
        $company said its profit rose|fell to <count> million dollars
        $company reported a profit|loss of <count> million dollars for the <quarter> quarter
        net profit at $company rose|fell by <share> percent
        $company expects higher|lower earnings in the <quarter> quarter
        sales at $company rose|fell <share> percent to <count> million dollars
        $company made a profit|loss of <small> cents a share
        $company raised|cut its dividend to <small> cents a share
        <quarter> quarter net profit at $company was <count> million against <count> million a year earlier
        $company said it will pay|declare a dividend of <small> cents a share
        $company earned <count> million dollars in the year that ended in <month>
        turnover|revenue at $company was <count> million dollars after <count> million a year ago
        $company will take a charge of <count> million dollars in the <quarter> quarter
        operating profit at $company nearly|almost|more_than doubled|halved
        """,
    "takeovers": """
        $company said it will buy $rival for <count> million dollars
        $company agreed to buy|acquire|take_over $rival
        $company has bought|sold|acquired <share> percent of $rival
        shareholders of $rival accepted|rejected the offer from $company
        $company made|raised|withdrew an offer of <small> dollars a share for $rival
        $company and $rival will merge
        $company plans to sell its <business> business to $rival
        $company called off|delayed|completed its merger with $rival
        $company now holds|owns|controls <share> percent of the shares of $rival
        the board of $rival asked shareholders to reject|accept the bid
        $rival is looking for a buyer after the bid from $company
        an investor group led by <person> offered <small> dollars a share for $company
        """,
    "banking": """
        the central bank of $country raised|lowered its key rate to <small> percent
        the central bank of $country kept its key rate at <small> percent
        $company raised|cut its prime rate to <small> percent
        interest rates in $country rose to the highest level since <month>
        interest rates in $country fell to the lowest level since <month>
        the currency of $country rose|fell against the dollar
        banks in $country will lend|borrow <count> million dollars
        $company will issue|offer bonds worth <count> million dollars
        the central bank bought|sold <count> million dollars on the open market
        inflation in $country rose|fell to <small> percent in <month>
        money supply in $country grew|shrank by <small> percent in <month>
        $company has set aside <count> million dollars for bad loans|debts
        dealers said the dollar closed|opened|traded higher|lower in $town
        $country asked its lenders|creditors for more time to repay <count> million dollars
        """,
    "trade": """
        the trade surplus|deficit of $country rose|fell to <count> million dollars
        $country and $other signed a trade agreement|treaty|pact
        $country will raise|lower|lift tariffs|duties on $goods from $other
        exports of $goods from $country rose|fell by <share> percent
        imports of $goods into $country rose|fell by <share> percent in <month>
        $country accused $other of selling $goods below cost
        trade talks between $country and $other ended|began|failed in $town
        $country will limit|ban|allow imports of $goods
        the trade minister of $country will visit|meet|receive a delegation from $other
        $country sold $goods worth <count> million dollars to $other
        $country bought $goods worth <count> million dollars from $other
        $other wants $country to open its market to $goods
        new quotas for $goods will come into force in <month>
        """,
    "metals": """
        the price of $metal rose|fell to <count> dollars a tonne|ounce
        $company found $metal at its <field> mine in $country
        the $metal mine near $town will open|close|reopen in <month>
        $company will cut|raise its output of $metal by <share> percent
        the smelter|steelworks|foundry in $town will be closed|modernised|enlarged
        $company produced <count> thousand tonnes of $metal last year
        stocks of $metal in the warehouses of $town rose|fell
        $company raised|lowered its price for $metal by <small> cents a pound
        ore from the <field> mine holds <small> grams of $metal a tonne
        miners at the <field> pit dug <count> thousand tonnes of ore
        $country is the <ordinal> largest producer of $metal
        """,
    "jobs": """
        <count> workers|employees at $company went on strike
        $company will cut|create <count> jobs at its plant in $town
        unemployment in $country rose|fell to <small> percent in <month>
        the union at $company asked_for|demanded|accepted a wage rise of <small> percent
        workers|miners|drivers|nurses|dockers in $town ended|began a strike
        $company and the union agreed on a new contract for <count> workers
        wages in $country rose by <small> percent in <month>
        the number of people without work in $country rose|fell to <count> thousand
        $company will lay off <count> people until <month>
        the union called for a strike at the <building> in $town
        """,
    "weather": """
        heavy rain|snow|hail fell on <region> $country on <weekday>
        a storm|hurricane|cyclone|blizzard is moving towards the coast of $country
        a drought in <region> $country has lasted <number> months|weeks
        frost hit|damaged $crop fields around $town
        floods cut off <number> villages|roads|towns near $town
        temperatures in $country rose|fell to <share> degrees
        rivers around $town rose after days|weeks of rain
        forecasters expect dry|wet|warm|cold weather in <region> $country
        strong winds closed the harbour|airport|bridge in $town
        the rainy season in $country began|ended <number> weeks early|late
        """,
}

#: By topic: sentences that go on about it.
DETAILS: dict[str, str] = {
    "harvest": """
        the quality of the $crop is good|poor|mixed
        yields were higher|lower than in the last <number> years
        farmers blamed|praised the weather
        seed|fertiliser|feed became cheaper|dearer|scarce
        the $crop will be stored|milled|sold in $town
        about <share> percent of the fields have been harvested|planted|sown
        the farm board will pay <count> dollars a tonne for $crop
        cattle|pig|sheep|poultry farmers need|want more feed
        last year the crop was <number> million tonnes
        the acreage under $crop has grown|shrunk
        """,
    "shipping": """
        the vessel was carrying $cargo to $country
        the crew of <number> was taken_ashore|rescued|replaced|unhurt
        tugs|pilots|divers are on their way
        the harbour master said the berths will be free on <weekday>
        insurers|shipowners|charterers asked for a survey of the hull
        cargo was diverted|sent|moved to another port
        freight costs have risen|fallen since <month>
        the dock|pier|quay can take <number> vessels at a time
        the captain said the engine had failed
        """,
    "energy": """
        crude for delivery in <month> was traded at <small> dollars
        the field holds about <count> million barrels
        refiners|drillers|producers expect prices to rise|fall|hold
        a barrel had cost <small> dollars in <month>
        the well was drilled to a depth of <count> feet
        demand for fuel|electricity|petrol was weak|strong
        gas|oil|coal supplies are sufficient for <number> weeks
        the plant will supply <count> thousand homes with electricity
        production will begin|start|resume in <month>
        """,
    "results": """
        earnings were hurt|helped by exchange_rates|high_costs|one_time_gains|weak_demand
        a year earlier the profit was <count> million dollars
        the result includes a gain|loss of <count> million from the sale of a unit
        profit before tax was <count> million dollars
        shares outstanding were <count> million
        the company had a loss in the <quarter> quarter
        orders rose|fell by <share> percent
        the figures are not audited|final
        the chairman called the result satisfactory|disappointing|excellent
        sales for the <quarter> quarter were <count> million dollars
        the dividend will be paid on <month> <day>
        """,
    "takeovers": """
        the deal is worth <count> million dollars in cash|shares|cash_and_shares
        the offer expires|ends on <month> <day>
        the merger needs the approval of the shareholders|authorities|court
        the bid values each share at <small> dollars
        terms were not disclosed
        the purchase will be completed|closed in <month>
        the stake was sold by <person>
        $company will keep the name|management|headquarters of $rival
        $rival has <count> shareholders
        antitrust officials are studying the deal
        the board will meet on <weekday> to discuss the offer
        """,
    "banking": """
        the rate had been <small> percent since <month>
        the bonds mature in <number> years and pay <small> percent
        bankers|economists|dealers expect lower|higher rates
        the bank wants to slow inflation|lending|growth
        the dollar stood at <small> against the currency
        mortgage|savings|overnight rates did not change
        deposits|loans grew by <share> percent
        the reserves of the central bank rose|fell to <count> million dollars
        other banks followed|did_not_follow
        """,
    "trade": """
        exports were <count> million and imports <count> million dollars
        the surplus|deficit had been <count> million in <month>
        the duty on $goods will be <small> percent
        manufacturers|importers|exporters welcomed|criticised the decision
        the agreement covers $goods and services|spare_parts|other_goods
        talks will go on in <month>
        $other threatened|promised to answer with duties|concessions of its own
        the quota will be <count> thousand tonnes
        """,
    "metals": """
        $metal closed at <count> dollars on <weekday>
        the ore body is rich|poor in $metal and other_metals|minerals
        the mine has reserves for <number> years
        jewellers|carmakers|builders bought more|less $metal
        the furnace was shut|lit on <weekday>
        mining costs are <count> dollars an ounce
        scrap was scarce|plentiful
        """,
    "jobs": """
        the strike began on <weekday>
        the union represents <count> workers
        talks with the union broke_down|will_resume|continue
        the old contract ended in <month>
        working_hours|holidays|pensions are also at issue
        vacancies rose|fell in <month>
        most of the jobs will be lost|created in $town
        the workers will vote on <weekday>
        """,
    "weather": """
        more rain|snow|sun is expected until <weekday>
        roads|railways|power_lines were damaged
        no one was hurt
        the dry|wet|cold spell may last until <month>
        about <count> millimetres of rain fell in <number> hours
        meteorologists speak of an unusual <season>
        rivers|reservoirs|dams are full|nearly_empty
        """,
}

#: What a report on one topic often touches, with the topics that readers could take it for.
NEIGHBOURS: dict[str, tuple[str, ...]] = {
    "harvest": ("weather", "trade", "shipping"),
    "shipping": ("trade", "jobs", "energy", "harvest"),
    "energy": ("shipping", "results", "metals"),
    "results": ("takeovers", "takeovers", "banking", "metals"),
    "takeovers": ("results", "results", "banking", "energy"),
    "banking": ("trade", "results"),
    "trade": ("banking", "harvest", "shipping"),
    "metals": ("jobs", "results", "energy"),
    "jobs": ("metals", "shipping", "results"),
    "weather": ("harvest", "harvest", "shipping"),
}

#: In which trade the firm of a report usually is.
SECTORS: dict[str, str] = {
    "harvest": "farms grain foods sugar_mills",
    "shipping": "shipping lines marine tankers",
    "energy": "oil energy petroleum gas",
    "banking": "bank trust savings_bank finance",
    "metals": "mining steel metals gold_mines",
    "jobs": "motors mining steel textiles airlines shipyards",
}

_RULES: dict[str, Choice | Moods] = {
    "common": lines(
        """
        a spokesman|spokeswoman for the company|ministry|group confirmed|denied the report
        no further details|figures were given
        analysts|experts|observers had expected more|less|this
        $person of $company said it was too early to say more
        the news came after the market|exchange had closed
        shares of $company rose|fell by <small> percent
        the government of $country declined to comment
        trading was quiet|busy|hectic|slow on <weekday>
        an official who did not want to be named confirmed|denied it
        this is the <ordinal> time in <number> years
        $person said the next months will be difficult|decisive|better
        a decision is expected|due in <month>
        a decision is expected|due on <weekday>
        $person the <post> of $company was not available for comment
        the company based in $town employs <count> people
        reports from $town spoke of <count> million dollars
        officials will meet in $town on <month> <day>
        the ministry said it will publish new figures in <month>
        the report was released in $town on <weekday>
        it gave no reason for the change|delay|decision
        traders in $town said the effect will be small|large|limited
        <person> a <post> at <firm> called it a surprise|step_forward|mistake|good_sign
        <firm> of $town has similar plans
        <firm> and <firm> declined to comment
        in <month> the figure had been <count>
        $company was founded <number> years ago by <person>
        it is the first such report|announcement|step since <month>
        """
    ),
    # Leads that could open a report on several topics.
    "vague": lines(
        """
        $company announced changes at its plant in $town
        $company and the government of $country held talks in $town
        $country reported new figures for <month>
        prices rose|fell in $country in <month>
        $company said <month> was better|worse than expected
        there was uncertainty in $town on <weekday> about the plans of $company
        the government of $country presented its plans for the <quarter> quarter
        $person was named <post> of $company
        the situation in <region> $country has improved|worsened since <month>
        $company gave an outlook for the <quarter> quarter
        """
    ),
    "crop": words(
        """
        wheat maize rice soya coffee barley sugar cotton cocoa corn oats rye rapeseed tea tobacco
        sorghum millet cassava linseed sesame hops flax alfalfa buckwheat spelt
        """,
        2,
    ),
    "insects": words("locusts beetles caterpillars rust mildew worms mice aphids weevils"),
    "cargo": words(
        """
        grain wheat coal iron_ore crude_oil timber cars containers fertiliser cement sugar bananas scrap rice machinery
        paper salt phosphate frozen_fish chemicals bricks
        """
    ),
    "ship": words("tanker freighter vessel ferry container_ship bulk_carrier barge trawler tug"),
    "goods": words(
        """
        cars steel textiles wheat machinery computers shoes beef sugar wine chips cheese paper televisions rice toys
        tractors furniture watches fish butter cameras lamb ceramics medicines bicycles carpets pork leather glass
        pianos cutlery perfume
        """,
        4,
    ),
    "metal": words(
        "gold copper silver zinc aluminium tin nickel lead iron platinum cobalt uranium titanium tungsten", 2
    ),
    "business": words(
        """
        food chemicals paper insurance shoe hotel computer packaging retail textile software furniture toy dairy
        brewing printing glass medical camera cosmetics
        """
    ),
    "obstacle": words("fog strikes high_seas ice repairs storms low_water congestion"),
    "field": Choice(("<town>",), 1),
    "vessel": lines(
        """
        <woman> <ship.name>
        <ship.name> star
        <town> spirit
        <ship.name> of <town>
        king <man>
        """
    ),
    "ship.name": words(
        "ocean northern atlantic pacific golden baltic blue eastern southern royal arctic swift"
    ),
    "building": words(
        "plant port mill airport mine railway refinery hospital shipyard brewery bus_depot post_office"
    ),
    "post": words(
        "chairman president spokesman analyst director economist manager treasurer secretary adviser broker"
    ),
    "region": words("northern southern western eastern central coastal most_of inland"),
    "season": words("year season spring summer autumn winter"),
    "quarter": words("first second third fourth"),
    "ordinal": words("second third first fourth fifth sixth"),
    "weekday": words("monday tuesday thursday wednesday friday saturday sunday"),
    "month": words(
        "march january april december june october july may september february november august", 9
    ),
    "day": words("1 15 31 30 10 20 12 5 28 25 2 18 7 22 14 3 27 16 9 11 24 6 21 8 19 4 26 13 17 29 23", 9),
    "number": words("three two five four six ten twelve eight seven 20 30 nine 15 40 25 50 14 17 60 11"),
    "share": words(
        """
        10 5 20 12 15 8 3 4 25 7 6 30 2 9 11 14 18 40 13 16 22 50 17 35 19 24 21 28 60 33 26 45 23 51 27 29 75 32 38
        31 34 36 37 42 55 39 49 65 48 41 70 44
        """
    ),
    "country": words(
        """
        canada australia brazil japan france india argentina italy spain mexico sweden norway turkey egypt thailand
        indonesia chile denmark poland kenya finland greece portugal morocco vietnam peru malaysia austria nigeria
        ghana ireland colombia hungary zambia belgium uruguay tunisia iceland ecuador jamaica
        """,
        4,
    ),
    "sector": words(
        """
        industries group holdings foods electronics motors stores chemicals oil steel insurance bank paper mining
        airlines textiles energy shipping hotels brewery glass printing engineering plastics pharmaceuticals
        publishing furniture toys telephone railways cement tools shoes software watches rubber breweries optics
        """
    ),
    "firm": lines(
        """
        <family> <sector>
        <town> <sector>
        <family> and <family>
        <country> <sector>
        <family> brothers
        united|general|national|first|new <sector>
        <family> and_sons|corporation|partners
        """,
        3,
    ),
}


def _numbers(largest: int, round_ones: int) -> Choice:
    """Whole numbers up to `largest`, round ones first, as amounts in news usually are."""
    rounded = [10, 20, 50, 100, 200, 30, 15, 25, 40, 60, 12, 150, 80, 300, 120, 500, 250, 400, 70, 35][
        :round_ones
    ]
    return Choice(
        tuple(str(each) for each in [*rounded, *(n for n in range(2, largest) if n not in rounded)]), 6
    )


def newswire_rules() -> dict[str, Choice | Moods]:
    """All rules of the newswires: those above, and `TOPIC.lead`, `TOPIC.more` and `TOPIC.firm` for each topic."""
    rules = dict(_RULES)
    rules["count"] = _numbers(980, 20)
    rules["small"] = Choice(
        tuple(f"{whole} {part}" for part in (5, 25, 2, 75, 8, 4, 1) for whole in (*range(2, 20), 22, 27, 35)),
        12,
    )
    for topic in LEADS:
        rules[f"{topic}.lead"] = lines(LEADS[topic].replace("<ship>s", "tankers|freighters|ships|ferries"))
        rules[f"{topic}.more"] = lines(DETAILS[topic])
        sectors = SECTORS.get(topic)
        rules[f"{topic}.sector"] = words(sectors) if sectors else _RULES["sector"]
        rules[f"{topic}.firm"] = Choice(
            (
                f"<family> <{topic}.sector>",
                "<firm>",
                f"<town> <{topic}.sector>",
                f"<country> <{topic}.sector>",
            ),
            2,
        )
    return rules
