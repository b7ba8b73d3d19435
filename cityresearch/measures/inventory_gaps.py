"""What an inventory of a city's assets and ties asks for, in the toolkit's five rows, and who publishes what our data lack."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["GAPS", "ROWS"]

ROWS = (
    "economic foundations",
    "cultural and community ties",
    "innovation strengths",
    "existing ties",
    "institutional capabilities",
)

# (row, item) -> the publisher and the table that would fill it, in the order of the inventory
GAPS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        (ROWS[0], "residents"): "Census Bureau, Population Estimates Program, totals of metropolitan areas",
        (
            ROWS[0],
            "gross domestic product",
        ): "Bureau of Economic Analysis, GDP by county and metropolitan area (CAGDP2)",
        (ROWS[0], "goods exports"): "International Trade Administration, Metropolitan Export Series",
        (ROWS[0], "jobs by industry"): "Bureau of Labor Statistics, State and Metro Area Employment (CES)",
        (
            ROWS[0],
            "concentration of industries",
        ): "Bureau of Labor Statistics, Quarterly Census of Employment and Wages, location "
        "quotients by area; Census Bureau, County Business Patterns by metropolitan area",
        (
            ROWS[0],
            "large employers",
        ): "the cities’ annual financial reports, table of principal employers; the state’s labor "
        "department, list of major employers",
        (
            ROWS[0],
            "export sectors",
        ): "International Trade Administration, Metropolitan Export Series by industry (NAICS)",
        (ROWS[0], "export partners"): "International Trade Administration, Metropolitan Export Series by destination",
        (
            ROWS[0],
            "foreign-owned employers",
        ): "Brookings (2011, once); Bureau of Economic Analysis for states only; we found no "
        "yearly table by metropolitan area",
        (
            ROWS[0],
            "origin of inward investment",
        ): "Bureau of Economic Analysis, New Foreign Direct Investment, for states only; we "
        "found no public table by metropolitan area",
        (
            ROWS[0],
            "destination of outward investment",
        ): "Bureau of Economic Analysis, U.S. Direct Investment Abroad, for the nation "
        "only; we found no public table by metropolitan area",
        (
            ROWS[0],
            "seaport",
        ): "the port authority, yearly container statistics; Bureau of Transportation Statistics, Port Profiles",
        (ROWS[1], "residents by place of birth"): "Census Bureau, American Community Survey, table B05006",
        (ROWS[1], "residents by ancestry"): "Census Bureau, American Community Survey, table B04006",
        (ROWS[1], "languages spoken at home"): "Census Bureau, American Community Survey, table C16001",
        (ROWS[1], "foreign consulates"): "Department of State, Foreign Consular Offices in the United States",
        (
            ROWS[2],
            "universities and colleges",
        ): "National Center for Education Statistics, Integrated Postsecondary Education Data System (IPEDS)",
        (
            ROWS[2],
            "research spending of universities",
        ): "National Center for Science and Engineering Statistics, Higher Education Research and Development Survey",
        (
            ROWS[2],
            "employees in research and development",
        ): "Census Bureau, County Business Patterns by metropolitan area, NAICS 5417",
        (ROWS[2], "patents"): "Patent and Trademark Office, PatentsView, patents by place of the inventor",
        (
            ROWS[2],
            "students from abroad",
        ): "Institute of International Education, Open Doors, by institution; Department of Homeland "
        "Security, SEVIS data",
        (
            ROWS[2],
            "civic and nonprofit organizations",
        ): "Internal Revenue Service, Exempt Organizations Business Master File",
        (ROWS[3], "sister cities"): "the cities; Sister Cities International, member directory",
        (
            ROWS[3],
            "agreements and partnerships",
        ): "the cities’ council records; Truman Center, U.S. City and State Diplomacy Map",
        (ROWS[3], "trade offices abroad"): "the cities and the state; State International Development Organizations",
        (ROWS[3], "trips abroad by officials"): "the cities’ travel records; we found no public register",
        (ROWS[3], "visits from abroad"): "the cities’ protocol offices; we found no public register",
        (ROWS[3], "international flights"): "Bureau of Transportation Statistics, T-100 International Segment",
        (ROWS[4], "staff for international affairs"): "the cities’ adopted budgets, list of positions",
        (ROWS[4], "funding for international affairs"): "the cities’ adopted budgets",
        (
            ROWS[4],
            "partner organizations",
        ): "World Trade Centers Association, directory; the regional economic development organization; "
        "the organizations’ returns to the Internal Revenue Service (Form 990)",
    }
)
